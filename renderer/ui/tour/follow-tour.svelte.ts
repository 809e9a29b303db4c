import { untrack } from 'svelte';
import { tourFacts } from '../../commands/tour-commands';
import type { Topics } from '../../state/topics';

/** Takes the tour on whenever what its step waits for has happened. */
export function followTour(topics: Topics): void {
  $effect(() => {
    const facts = tourFacts(topics);
    untrack(() => {
      topics.tour.follow(facts);
    });
  });
}
