// Exit codes and the errors that carry them. Help, manual and README show the same table.

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
  [1, 'something unexpected failed'],
  [2, 'wrong option, filter, format or rules file'],
  [3, 'what capturing needs is missing: privilege, a kernel feature or the native addon'],
  [4, 'an input file cannot be read or is no capture file'],
  [5, 'the input is damaged; what was readable was shown'],
  [6, 'the output could not be written'],
  [7, 'ksys diff --exit-code found that the runs differ, ksys rules test that alerts do'],
  ['128 + N', 'reading a file, or waiting for the reader of a FIFO, was ended by signal N'],
  ['other', 'with -- CMD: its own exit code, 128 + N when signal N ended it, 127 when it cannot be run'],
]

/** An error that is told to the user as it stands, without a stack, and that decides the exit code. */
export class CliError extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
  ) {
    super(message)
  }
}
