// Lets chisels outside the package import 'ksys/chisel' from any folder. Runs in Node's loader hooks thread.
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
