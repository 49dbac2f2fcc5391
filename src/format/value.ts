// Values of parameters as text and as values: the door to the renderers.
export { rawArg, renderArg, renderArgs, renderParam } from './args.js'
