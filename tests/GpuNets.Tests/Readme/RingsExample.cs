namespace GpuNets.Tests.Readme;

/// <summary>The library example of README.md, word for word between the two markers.</summary>
internal static class RingsExample
{
    /// <summary>Runs the example; returns the share of a grid of points that the net puts on the right side of the ring.</summary>
    public static double Run()
    {
        // README
        using var device = Device.Open();
        var vars = new Vars(device, seed: 7);
        var hidden = new Linear(vars["hidden"], 2, 32);
        var output = new Linear(vars["output"], 32, 2);
        var adam = new Adam(vars.Parameters, learningRate: 1e-2f);
        var random = new Philox(seed: 1);
        for (int step = 0; step < 300; step++)
        {
            var points = new float[128];
            var labels = new int[64];
            for (int i = 0; i < points.Length; i++) points[i] = 2 * random.Uniform((uint)(step * 128 + i)) - 1;
            for (int i = 0; i < labels.Length; i++) labels[i] = MathF.Sqrt(points[2 * i] * points[2 * i] + points[2 * i + 1] * points[2 * i + 1]) < 0.6f ? 1 : 0;

            using var tape = device.Record();
            var logits = output.Forward(hidden.Forward(device.Tensor(points, (64, 2))).Tanh());
            var loss = logits.CrossEntropy(device.Indices(labels));
            tape.Backward(loss);
            adam.Step();
            if (step % 100 == 99) Console.WriteLine($"update {step + 1}: loss {loss.Item():0.000}");
        }
        vars.Save(Path.Combine(Path.GetTempPath(), "rings.safetensors"));
        // README

        const int side = 40;
        var grid = new float[side * side * 2];
        for (int i = 0; i < side * side; i++)
        {
            grid[2 * i] = 2f * (i % side + 0.5f) / side - 1;
            grid[2 * i + 1] = 2f * (i / side + 0.5f) / side - 1;
        }
        using var scope = device.Scope();
        float[] scores = output.Forward(hidden.Forward(device.Tensor(grid, (side * side, 2))).Tanh()).ToArray();
        int right = 0;
        for (int i = 0; i < side * side; i++)
        {
            bool inside = MathF.Sqrt(grid[2 * i] * grid[2 * i] + grid[2 * i + 1] * grid[2 * i + 1]) < 0.6f;
            if (scores[2 * i + 1] > scores[2 * i] == inside) right++;
        }
        return right / (double)(side * side);
    }
}
