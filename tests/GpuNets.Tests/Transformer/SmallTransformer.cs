using GpuNets.Models;

namespace GpuNets.Tests.Transformers;

/// <summary>A small model with parameters that matter, on a device of its own.</summary>
internal sealed class SmallTransformer : IDisposable
{
    public static readonly TransformerOptions Options = new()
    {
        SourceVocabulary = 9,
        TargetVocabulary = 9,
        EncoderLayers = 2,
        DecoderLayers = 2,
        Size = 8,
        HiddenSize = 12,
        Heads = 2,
        Dropout = 0,
        MaxLength = 24,
    };

    public SmallTransformer(TransformerOptions? options = null, int seed = 3, double spread = 0.7, Device? device = null)
    {
        Device = device ?? TestDevices.Open();
        Vars = new Vars(Device, (ulong)seed);
        Model = new Transformer(Vars, options ?? Options);
        foreach (var parameter in Vars.Parameters)
        {
            var random = new Philox((ulong)seed).Fork(parameter.Path);
            bool scale = parameter.Path.EndsWith("norm.weight", StringComparison.Ordinal);
            double deviation = parameter.Shape.Rank == 1 ? 0.2 : spread / Math.Sqrt(parameter.Shape[1]);
            parameter.Assign([.. Enumerable.Range(0, parameter.Count).Select(i => (float)((scale ? 1 : 0) + random.Normal((uint)i) * deviation))]);
        }
    }

    public Device Device { get; }

    public Vars Vars { get; }

    public Transformer Model { get; }

    public static readonly int[][] Sources = [[4, 5, 6, 2], [7, 2], [8, 3, 3, 5, 4, 6, 2]];

    public static readonly int[][] Targets = [[6, 5], [4, 8, 7, 3], []];

    public void Dispose() => Device.Dispose();
}
