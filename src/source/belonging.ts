// Whose the files are that ksys writes.

/** Whose a file is and its permission bits, where that was said. */
export interface Belonging {
  readonly uid?: number | undefined
  readonly gid?: number | undefined
  readonly mode?: number | undefined
}

/** permission bits of files of which nothing was said */
export const PRIVATE = 0o600
