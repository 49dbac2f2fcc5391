// The interface of the module: adds container names to a live source.
import { declareNeeds } from '../source/later-needs.js'
import type { CaptureSource } from '../source/source.js'
import { AccountReader } from './accounts.js'
import { Names, PATIENCE } from './names.js'
import type { Complain } from './runtime.js'
import { connections, type PlaceOptions, places } from './sockets.js'
import { NamedSource } from './source.js'

export interface NamingOptions extends PlaceOptions {
  /** hold the stream until a new container has its name, so that filters and formats can use it from the first call on */
  readonly hold: boolean
  /** only what exists at the start is used, so that wait for its names */
  readonly patient?: boolean | undefined
  /** ms after which a container is shown without a name; undefined: two seconds */
  readonly patience?: number | undefined
  /** which data of containers is needed; undefined: all data, and their accounts */
  readonly scope?: { readonly nameAlone: boolean; readonly accounts: boolean } | undefined
  /** reports problems to the user; each sentence once */
  readonly complain: Complain
}

/** The source with metadata from the runtimes of this machine about its containers. */
export function withNames(source: CaptureSource, o: NamingOptions): CaptureSource {
  const where = places(o)
  declareNeeds(connections(where))
  const patience = o.patience ?? PATIENCE
  const names = new Names(where, o.complain, { patience, nameSuffices: o.scope?.nameAlone === true })
  return new NamedSource(source, names, {
    hold: o.hold,
    holdForAccounts: o.scope?.accounts !== false,
    patience,
    patient: o.patient === true,
    accounts: new AccountReader(where),
  })
}
