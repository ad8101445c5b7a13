namespace GpuNets.Peers;

/// <summary>The paper's copy task with sequences of 20 vectors (41 steps), and weights for the NTM that both sides begin with.</summary>
internal sealed class NtmSetting
{
    public const int Inputs = 9, Outputs = 8, Controller = 100, Rows = 128, Width = 20, Length = 20;
    public const float LearningRate = 1e-4f;
    private const int Gates = 4 * Controller, HeadOutputs = 2 * (Width + 6) + 2 * Width;
    private readonly HostArray[] _weights;

    public NtmSetting(int batch)
    {
        var bits = new Random(batch);
        var input = HostArray.Constant("input", 0, 2 * Length + 1, batch, Inputs);
        var target = HostArray.Constant("target", 0, Length, batch, Outputs);
        for (int i = 0; i < target.Values.Length; i++)
        {
            target.Values[i] = bits.Next(2);
            input.Values[i / Outputs * Inputs + i % Outputs] = target.Values[i];
        }
        for (int b = 0; b < batch; b++) input.Values[(Length * batch + b) * Inputs + Outputs] = 1; // the delimiter
        (Input, Target) = (input, target);

        _weights =
        [
            HostArray.Normal("controller.weight_ih", 1, 0.3f, Gates, Inputs + Width),
            HostArray.Normal("controller.weight_hh", 2, 0.1f, Gates, Controller),
            HostArray.Normal("controller.bias_ih", 3, 0.1f, Gates),
            HostArray.Normal("controller.bias_hh", 4, 0.1f, Gates),
            HostArray.Normal("heads.weight", 5, 0.4f, HeadOutputs, Controller),
            HostArray.Normal("heads.bias", 6, 0.4f, HeadOutputs),
            HostArray.Normal("output.weight", 7, 0.3f, Outputs, Controller + Width),
            HostArray.Normal("output.bias", 8, 0.1f, Outputs),
            HostArray.Normal("read0", 9, 0.1f, Width),
            HostArray.Normal("weights0", 10, 0.5f, 2, Rows),
        ];
        // Nearly closed gates: the first weightings still matter at the end, so their gradients are more than noise.
        var headBias = Weight("heads.bias").Values;
        headBias[Width + 1] = headBias[Width + 6 + Width + 1] = -4;
    }

    /// <summary>[time, batch, 9]: the vectors, the delimiter on its own channel, then nothing.</summary>
    public HostArray Input { get; }

    /// <summary>[length, batch, 8]: what the last steps must produce.</summary>
    public HostArray Target { get; }

    /// <summary>A weight by its name in the peer.</summary>
    public HostArray Weight(string name) => Array.Find(_weights, weight => weight.Name == name)
        ?? throw new ArgumentException($"The setting has no weight {name}; it has {string.Join(", ", _weights.Select(weight => weight.Name))}.");
}
