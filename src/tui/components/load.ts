// Loads Ink and the components with the environment that they need.

/** Loads what draws the UI. That takes a while, so it is done while the worker opens the source. */
export async function loadComponents(): Promise<typeof import('./mount.js')> {
  // React's development checks cost time in every frame
  process.env.NODE_ENV ??= 'production'
  const { DEV } = process.env
  // with it Ink looks for developer tools
  delete process.env.DEV
  try {
    return await import('./mount.js')
  } finally {
    if (DEV !== undefined) process.env.DEV = DEV
  }
}
