using GpuNets.Models;

namespace GpuNets.Peers;

/// <summary>The paper's copy task with sequences of 20 vectors (41 steps), and weights for the NTM that both sides begin with.</summary>
internal sealed class NtmSetting
{
    public const int Controller = 100, Rows = 128, Width = 20;
    public const float LearningRate = 1e-4f, GradientLimit = 10;
    private const int Gates = 4 * Controller, ReadHead = Width + 6, WriteHead = ReadHead + 2 * Width;
    private readonly HostArray[] _weights;

    public NtmSetting(int batch)
    {
        var task = new CopyTask().AtLength(20);
        Batch = task.Generate(batch, seed: 1, index: 0);
        (Inputs, Outputs) = (task.Inputs, task.Outputs);
        _weights =
        [
            HostArray.Normal("controller.weight_ih", 1, 0.3f, Gates, Inputs + Width),
            HostArray.Normal("controller.weight_hh", 2, 0.1f, Gates, Controller),
            HostArray.Normal("controller.bias_ih", 3, 0.1f, Gates),
            HostArray.Normal("controller.bias_hh", 4, 0.1f, Gates),
            HostArray.Normal("heads.weight", 5, 0.4f, ReadHead + WriteHead, Controller),
            HostArray.Normal("heads.bias", 6, 0.4f, ReadHead + WriteHead),
            HostArray.Normal("output.weight", 7, 0.3f, Outputs, Controller + Width),
            HostArray.Normal("output.bias", 8, 0.1f, Outputs),
            HostArray.Normal("read0", 9, 0.1f, 1, Width),
            HostArray.Normal("weights0", 10, 0.5f, 2, Rows),
        ];
        // Nearly closed gates: the first weightings still matter at the end, so their gradients are more than noise.
        var headBias = Weight("heads.bias").Values;
        headBias[Width + 1] = headBias[ReadHead + Width + 1] = -4;
    }

    /// <summary>The sequences.</summary>
    public NtmBatch Batch { get; }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Names of the weights in TorchSharp.</summary>
    public IEnumerable<string> Names => _weights.Select(weight => weight.Name);

    /// <summary>A weight by its name in TorchSharp.</summary>
    public HostArray Weight(string name) => Array.Find(_weights, weight => weight.Name == name)
        ?? throw new ArgumentException($"The setting has no weight {name}; it has {string.Join(", ", _weights.Select(weight => weight.Name))}.");

    /// <summary>
    /// The weights by their names in GpuNets, which has an affine map for each head where the peer has one for both: the read head's
    /// rows, then the write head's.
    /// </summary>
    public IEnumerable<HostArray> ForGpuNets() => _weights.SelectMany(weight => GpuNetsNames(weight.Name).Length == 1
        ? [weight with { Name = GpuNetsNames(weight.Name)[0] }]
        : Split(weight, GpuNetsNames(weight.Name)));

    /// <summary>Puts values by their names in GpuNets together to those of the peer, in the peer's order of weights.</summary>
    public IEnumerable<HostArray> ToPeer(Func<string, float[]> byName) =>
        _weights.Select(weight => weight with { Values = [.. GpuNetsNames(weight.Name).SelectMany(byName)] });

    private static string[] GpuNetsNames(string name) => name switch
    {
        "controller.weight_ih" => ["controller.lstm.weight_ih_l0"],
        "controller.weight_hh" => ["controller.lstm.weight_hh_l0"],
        "controller.bias_ih" => ["controller.lstm.bias_ih_l0"],
        "controller.bias_hh" => ["controller.lstm.bias_hh_l0"],
        "heads.weight" => ["heads.0.fc_read.weight", "heads.1.fc_write.weight"],
        "heads.bias" => ["heads.0.fc_read.bias", "heads.1.fc_write.bias"],
        "output.weight" => ["fc.weight"],
        "output.bias" => ["fc.bias"],
        "read0" => ["read0_bias"],
        "weights0" => ["weighting_bias"],
        _ => throw new ArgumentException($"No weight of GpuNets corresponds to {name}."),
    };

    private static HostArray[] Split(HostArray both, string[] names)
    {
        int columns = both.Values.Length / both.Shape[0];
        return
        [
            new(names[0], [ReadHead, .. both.Shape[1..]], both.Values[..(ReadHead * columns)]),
            new(names[1], [WriteHead, .. both.Shape[1..]], both.Values[(ReadHead * columns)..]),
        ];
    }
}
