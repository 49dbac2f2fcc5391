// Loads Ink and the components, in the environment that they need.

/** With CI set Ink writes nothing before it ends; with DEV it looks for developer tools. */
const IN_THE_WAY = ['CI', 'CONTINUOUS_INTEGRATION', 'DEV']

/** What draws the UI; it takes a while, so that it is loaded while the worker opens what is shown. */
export async function loadComponents(): Promise<typeof import('./mount.js')> {
  // what React checks for developers costs time in every frame
  process.env.NODE_ENV ??= 'production'
  const kept = IN_THE_WAY.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  for (const [name] of kept) delete process.env[name]
  try {
    return await import('./mount.js')
  } finally {
    for (const [name, value] of kept) process.env[name] = value
  }
}
