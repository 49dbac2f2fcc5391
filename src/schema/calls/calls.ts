// What the declarations of this folder are made of.
import type { Kind } from '../kinds.js'

/**
 * By call, by argument: what is recorded of it and how it is shown. Arguments that are not named are numbers or addresses,
 * as their C type says (events/generic.ts). A name that the call's prototype has not is something more that it tells.
 */
export type Calls = Readonly<Record<string, Readonly<Record<string, Kind>>>>
