// Lets chisels outside of the package import 'ksys/chisel' wherever they lie; runs in Node's thread of loader hooks.
const SURFACE = new URL('./index.js', import.meta.url).href

interface Resolved {
  url: string
  shortCircuit?: boolean
}

/** Node's resolve hook. */
export async function resolve(
  specifier: string,
  context: unknown,
  next: (specifier: string, context: unknown) => Promise<Resolved>,
): Promise<Resolved> {
  if (specifier === 'ksys/chisel') return { url: SURFACE, shortCircuit: true }
  return next(specifier, context)
}
