import { formatProbability } from './format';

/** How classes beside membrane are found and drawn. */
export const classMaskStrings = {
  show: (name: string) => `Show ${name}`,
  solo: 'Alt+click: this class alone',
  amount: (name: string) => `How much is ${name}`,
  amountHelp:
    'From which probability on a pixel is of the class: to the right more is called so. The mark is what the model suggests.',
  less: 'less',
  more: 'more',
  amountText: (value: number, suggested: number) =>
    `${formatProbability(value)}, ${
      Math.abs(value - suggested) < 0.005
        ? 'as the model suggests'
        : value > suggested
          ? 'less than the model suggests'
          : 'more than the model suggests'
    }`,
  suggest: (name: string) => `${name} as the model suggests`,
  /** Painted, and the version in use does not know it. */
  notLearnt: 'not learnt yet:',
  paintFirst: 'not learnt yet: paint some first',
  notHere: 'known; segment this slice to see it',
  /** The version in use finds a class that the project has not. */
  unlisted: (name: string) => `The model finds ${name} too.`,
  list: 'Show',
  hiddenClass: 'The class in hand is hidden, so nothing would show. Open its eye under Classes.',
  hiddenMembrane:
    'Membrane is hidden, so it can’t be confirmed. Open its eye under Classes, or Alt+click the one that is open.',
} as const;
