// The name of a program without its arguments, where a program has written both in its place: `nginx: worker process`.

/** The text up to its first blank. */
export function firstWord(exe: string): string {
  const end = exe.search(/\s/)
  return end < 0 ? exe : exe.slice(0, end)
}
