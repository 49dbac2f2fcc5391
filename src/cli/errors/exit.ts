// Exit codes and the error class that carries one. Help, manual and docs/troubleshooting.md show the same table.

export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  unavailable: 3,
  input: 4,
  damaged: 5,
  output: 6,
  different: 7,
} as const

export const EXIT_MEANINGS: readonly (readonly [code: number | string, meaning: string])[] = [
  [0, 'done; also a live capture ended by Ctrl-C or a signal'],
  [1, 'something unexpected failed, or an exception stopped a chisel'],
  [2, 'wrong option, filter, format or rules file'],
  [3, 'capturing is not possible: a privilege, a kernel feature or the native addon is missing'],
  [4, 'an input file cannot be read or is not a capture file'],
  [5, 'the input is damaged; everything readable was processed'],
  [6, 'the output could not be written'],
  [
    7,
    'ksys diff --exit-code found differences, ksys rules test other alerts, ksys report --expect something new, or ksys advise check refused calls',
  ],
  ['128 + N', 'signal N ended the reading of a file, or the wait for the reader of a FIFO'],
  ['other', 'with -- CMD: its own exit code, 128 + N if signal N ended it, 127 if it cannot be run'],
]

/** An error whose message is shown to the user as it is, without a stack, and that sets the exit code. */
export class CliError extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
  ) {
    super(message)
  }
}
