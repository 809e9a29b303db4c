import { untrack } from 'svelte';
import { prepareStep, tourFacts } from '../../commands/tour-commands';
import type { Topics } from '../../state/topics';

/** Prepares each step of the tour, and takes it on whenever what the step waits for has happened. */
export function followTour(topics: Topics): void {
  const { tour, view, project } = topics;
  const step = $derived(project.open?.id === tour.project ? tour.step : null);
  $effect(() => {
    // A picture that comes up meanwhile is prepared too.
    if (step !== null && view.picture) untrack(() => prepareStep(topics, step));
  });
  $effect(() => {
    if (step === null) return;
    const facts = tourFacts(topics);
    untrack(() => {
      tour.follow(facts);
    });
  });
}
