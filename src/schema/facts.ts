// What an event does, as far as fields, state and captures ask for it: facts that its declaration states once, and that
// nobody lists by the names of calls.

export interface EventFacts {
  /** opens a file: as its flags say, or as creat does, for writing and emptied or made */
  readonly opens?: 'byFlags' | 'creating'
  /** changes names, modes, owners or mounts: fs.path.* and evt.abspath tell of its paths, as they do of a file that is opened */
  readonly changesFiles?: true
}
