import { describe, expect, it } from "vitest";
import { Recorded, Watched } from "../../test/recording.ts";
import { featureMaps } from "./feature-maps.ts";

class Conv extends Watched {
  protected override compute(x: Recorded): Recorded {
    return new Recorded([x.shape[0] ?? 1, 4, 2, 3]);
  }
}

class Net extends Watched {
  conv = new Conv();
  unused = new Conv();
  stage = new Stage();
  seen: boolean[] = [];
  protected override compute(x: Recorded): Recorded {
    this.seen.push(this.conv.training);
    this.conv.forward(x);
    return this.stage.forward(x);
  }
}

class Stage extends Watched {
  conv = new Conv();
  protected override compute(x: Recorded): Recorded {
    this.conv.forward(x);
    return new Recorded([2, 5]);
  }
}

const input = new Recorded([2, 3, 4, 4]);

describe("featureMaps", () => {
  it("gives a grid of each layer's channels, spread over black to white one by one", async () => {
    const model = new Net();
    const maps = await featureMaps(model, input, ["stage.conv", "conv"], { nrow: 2, padding: 1 });
    expect(Object.keys(maps)).toEqual(["stage.conv", "conv"]);
    // 4 maps of 2 x 3 in 2 columns, a pixel around each.
    expect(maps.conv?.shape).toEqual([3, 7, 9]);
    // The numbers of a map go up by ones: 0, 0.2, ... 1.
    const rows = Array.from(maps.conv?.data.slice(0, 63) ?? []).filter((value) => value !== 0);
    expect(Math.max(...rows)).toBe(1);
    expect(rows).toHaveLength(4 * 5);
    expect(model.seen).toEqual([false]);
    expect([model.training, model.conv.training, model.conv.hooks.after.size]).toEqual([true, true, 0]);
  });

  it("takes the picture of the batch that is asked for", async () => {
    const options = { image: 1, normalize: false, padding: 0 };
    const maps = await featureMaps(new Net(), input, ["conv"], options);
    // The second picture begins at 24.
    expect(maps.conv?.data[0]).toBe(24);
  });

  it("says what is wrong with layers", async () => {
    const model = new Net();
    await expect(featureMaps(model, input, ["cnov"])).rejects.toThrowErrorMatchingInlineSnapshot(
      `[OptionError: featureMaps: the model has no layer "cnov". It has conv, unused, stage, stage.conv.]`,
    );
    await expect(featureMaps(model, input, ["unused"])).rejects.toThrowErrorMatchingInlineSnapshot(
      `[OptionError: featureMaps: the model did not call its layer unused.]`,
    );
    await expect(featureMaps(model, input, ["stage"])).rejects.toThrowErrorMatchingInlineSnapshot(
      `[OptionError: featureMaps: stage gives [2, 5]. Name layers that give pictures, [N, C, H, W] or [C, H, W].]`,
    );
    await expect(featureMaps(model, input, ["conv"], { image: 2 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[OptionError: featureMaps: image is 2, the batch has 2. Count from 0.]`,
    );
  });
});
