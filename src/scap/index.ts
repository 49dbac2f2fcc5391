// The public interface of the scap module: captures of sysdig, Falco and libs.
export { ScapError } from './error.js'
export { scapKind } from './kind.js'
export { type ScapOptions, ScapSource } from './source.js'
