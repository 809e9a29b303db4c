import { untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import { SliceView } from '../../canvas/slice-view';
import type { BlockedReason } from '../../canvas/view-types';
import type { Topics } from '../../state/topics';
import { en } from '../../strings/en';

/** Puts the slice view into an element and keeps it in step with the topics, both ways. */
export function mountPicture(topics: Topics): Attachment<HTMLElement> {
  return (element) => untrack(() => mount(topics, element));
}

function mount(topics: Topics, element: HTMLElement): () => void {
  throw new Error(String(topics) + String(element) + String(SliceView));
}
