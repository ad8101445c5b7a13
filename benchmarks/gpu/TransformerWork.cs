using GpuNets.Models;

namespace GpuNets.GpuBenchmarks;

/// <summary>
/// Training and decoding of a Transformer whose weights both sides make of their names; <c>transformer.py</c> has the same. Nothing is dropped out, and in decoding the
/// end of a sentence is so unlikely that it runs to its limit.
/// </summary>
internal sealed class TransformerWork
{
    private readonly IReadOnlyDictionary<string, int> _sizes;
    private readonly Device _device;
    private readonly Transformer _model;

    public TransformerWork(Device device, IReadOnlyDictionary<string, int> sizes)
    {
        (_device, _sizes) = (device, sizes);
        var options = TransformerOptions.Multi30k(sizes["vocabulary"], sizes["vocabulary"]) with
        {
            EncoderLayers = sizes["layers"],
            DecoderLayers = sizes["layers"],
            Size = sizes["size"],
            HiddenSize = sizes["hidden"],
            Heads = sizes["heads"],
            MaxLength = sizes["time"] + sizes["extra"] + 1,
            Dropout = 0,
            AttentionDropout = 0,
            ActivationDropout = 0,
        };
        _model = new Transformer(new Vars(device, seed: 1), options);
        foreach (var parameter in _model.Parameters) parameter.Assign(Numbers.Of(parameter, shape => MathF.Sqrt(12f / shape[1])));
    }

    /// <summary>A step of training: gradients of the mean cross-entropy, and Adam.</summary>
    public Work Training()
    {
        var batch = new TransformerBatch(_model.Options, Sentences(1, _sizes["time"]), Sentences(2, _sizes["time"] - 1));
        return new Work(_device, _ => _model.Loss(batch), [], _model.Parameters) { Optimizer = new Adam(_model.Parameters, learningRate: 5e-4f) };
    }

    /// <summary>The search for the best targets.</summary>
    public DecodingWork Decoding()
    {
        var ends = _model.Parameters.Single(parameter => parameter.Path == "decoder.output_projection.bias");
        float[] biases = ends.ToArray();
        biases[_model.Options.PadId] = biases[_model.Options.EosId] = -1e4f;
        ends.Assign(biases);
        var options = new DecodingOptions { Beam = _sizes["beam"], MaxExtraLength = _sizes["extra"], MaxSentences = _sizes["batch"] };
        return new DecodingWork(new TransformerDecoder(_model, options), Sentences(1, _sizes["time"]));
    }

    /// <summary>Sentences of one length: no side works on padding.</summary>
    private int[][] Sentences(uint seed, int time) =>
        [.. Numbers.Below(_sizes["batch"] * time, _sizes["vocabulary"] - 4, seed).Select(id => id + 4).Chunk(time)];
}
