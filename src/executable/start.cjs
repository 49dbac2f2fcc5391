// Runs the program. A file of its own beside the unpacked ones: import() in the code inside of a single executable finds Node's own
// modules alone.
import('./.build/js/src/main.js')
