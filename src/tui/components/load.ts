// Loads Ink and the components with the environment that they need.

/** With CI set Ink writes only at its end; with DEV it looks for developer tools. */
const IN_THE_WAY = ['CI', 'CONTINUOUS_INTEGRATION', 'DEV']

/** Loads what draws the UI. That takes a while, so it is done while the worker opens the source. */
export async function loadComponents(): Promise<typeof import('./mount.js')> {
  // React's development checks cost time in every frame
  process.env.NODE_ENV ??= 'production'
  const removed = IN_THE_WAY.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  for (const [name] of removed) delete process.env[name]
  try {
    return await import('./mount.js')
  } finally {
    for (const [name, value] of removed) process.env[name] = value
  }
}
