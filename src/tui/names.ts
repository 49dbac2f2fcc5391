// Names of descriptors for people: where the kernel keeps a unix socket tells them nothing.

/** `SOURCE->DEST PATH` of a unix socket, both ends as addresses of the kernel. */
const UNIX = /^[0-9a-f]{1,16}->[0-9a-f]{1,16} ?/

/** The name (fd.name) as it is shown: of a unix socket its path, or `unix` when it has none. */
export function shownName(name: string): string {
  return UNIX.test(name) ? name.replace(UNIX, '') || 'unix' : name
}
