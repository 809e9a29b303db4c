/** Text of the dialog that asks which of several stacks is meant. */
export const partStrings = {
  title: 'Which stack?',
  lead: (name: string, count: number) => `${name} holds ${String(count)} stacks. Open one of them:`,
};
