using GpuNets.Models;

namespace GpuNets.Peers;

/// <summary>
/// A Transformer, pairs of sentences and weights that both sides begin with; nothing is dropped out. The end of a sentence is made so unlikely that
/// decoding runs to its limit: both sides say as many tokens.
/// </summary>
internal sealed class TransformerSetting
{
    public const float LearningRate = 5e-4f;

    /// <param name="model">The model, with biases.</param>
    /// <param name="pairs">Pairs of sentences.</param>
    /// <param name="sourceTime">Tokens of the longest source; lengths fall from there by one.</param>
    /// <param name="targetTime">Tokens that the decoder reads of the longest target.</param>
    public TransformerSetting(TransformerOptions model, int pairs, int sourceTime, int targetTime)
    {
        Model = model with { Dropout = 0, AttentionDropout = 0, ActivationDropout = 0, LabelSmoothing = 0 };
        TargetTime = targetTime;
        var random = new Philox(11);
        Sources = [.. Enumerable.Range(0, pairs).Select(i => Sentence(2 * i, Math.Max(1, sourceTime - i % 6), Model.SourceVocabulary))];
        Targets = [.. Enumerable.Range(0, pairs).Select(i => Sentence(2 * i + 1, Math.Max(1, targetTime - 1 - i % 6), Model.TargetVocabulary))];
        using var device = Device.Open("cpu");
        var made = new Transformer(new Vars(device, seed: 1), Model);
        Weights = [.. made.Parameters.Select(parameter => parameter.ToHost(parameter.Path))];
        Weight("decoder.output_projection.bias").Values[Model.EosId] = -1e4f;

        int[] Sentence(int stream, int length, int vocabulary)
        {
            var words = random.Fork($"sentence {stream}");
            return [.. Enumerable.Range(0, length).Select(i => 4 + words.Below((uint)i, vocabulary - 4))];
        }
    }

    public TransformerOptions Model { get; }

    public int TargetTime { get; }

    public IReadOnlyList<int[]> Sources { get; }

    /// <summary>Targets without begin and end.</summary>
    public IReadOnlyList<int[]> Targets { get; }

    /// <summary>Parameters by their names in GpuNets.</summary>
    public IReadOnlyList<HostArray> Weights { get; }

    /// <summary>
    /// What training steps are compared by: the loss and gradients after some updates. Not those of biases of keys, which are zero but for rounding: a softmax
    /// takes them out. Adam moves such biases by chance, so how far weights have moved says nothing.
    /// </summary>
    public static IReadOnlyList<HostArray> Compared(float loss, IEnumerable<HostArray> gradients) =>
        [new HostArray("loss", [1], [loss]), .. gradients.Where(gradient => !gradient.Name.EndsWith("k_proj.bias", StringComparison.Ordinal) && !gradient.Name.EndsWith("in_proj_bias", StringComparison.Ordinal))];

    public HostArray Weight(string name) => Weights.First(weight => weight.Name == name);
}
