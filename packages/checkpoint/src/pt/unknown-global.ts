import { PickleProblem } from "../pickle/pickle-problem.ts";

// PyTorch never allows these, whatever a user allows.
const blocked = ["sys", "os", "posix", "nt"];

/** The error for a name that is not among PyTorch's safe ones: nothing of it is looked up or called. */
export function unknownGlobal(fullName: string): PickleProblem {
  const module = fullName.slice(0, fullName.lastIndexOf("."));
  if (blocked.includes(module)) {
    return new PickleProblem(`it would run ${fullName}`, "Do not open this file in Python: it is an attack.");
  }
  return new PickleProblem(`it needs ${fullName}, which is no part of a state dict`, mendFor(fullName));
}

function mendFor(fullName: string): string {
  if (fullName.startsWith("numpy.")) return "Save numbers of NumPy as x.item(), its arrays as torch.from_numpy(x).";
  if (fullName.startsWith("collections.")) return "Save it as a dict or a tuple.";
  return "Save model.state_dict() instead of the model, and plain values instead of objects of your classes.";
}
