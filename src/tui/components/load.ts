// Loads Ink and the components with the surroundings that they need.

/** Loads what draws the UI. That takes a while, so it is done while the worker opens the source. */
export async function loadComponents(): Promise<typeof import('./mount.js')> {
  // React's development checks cost time in every frame
  process.env.NODE_ENV ??= 'production'
  const { DEV } = process.env
  // with it Ink looks for developer tools
  delete process.env.DEV
  const fetch = Object.getOwnPropertyDescriptor(globalThis, 'fetch')
  // Yoga would load its own bytes, which it has as text, through Node's HTTP client, whose start takes longer than the rest of Yoga's
  Object.defineProperty(globalThis, 'fetch', { value: undefined, configurable: true })
  try {
    return await import('./mount.js')
  } finally {
    if (DEV !== undefined) process.env.DEV = DEV
    if (fetch !== undefined) Object.defineProperty(globalThis, 'fetch', fetch)
  }
}
