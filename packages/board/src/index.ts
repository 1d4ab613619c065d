export { type Board, type BoardOptions, serveBoard } from "./serve-board.ts";
