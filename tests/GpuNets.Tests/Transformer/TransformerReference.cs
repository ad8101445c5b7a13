using GpuNets.Models;
using GpuNets.Reference;

namespace GpuNets.Tests.Transformers;

/// <summary>The Transformer in double precision, one number after the other, straight from the paper; gradients by a tape of scalars.</summary>
internal sealed class TransformerReference(TransformerOptions o, IReadOnlyDictionary<string, ReferenceValue[]> parameters)
{
    /// <summary>Logits of a sentence, [target time][vocabulary].</summary>
    public ReferenceValue[][] Logits(int[] source, int[] inputs)
    {
        bool shared = o.Sharing == EmbeddingSharing.All;
        string sources = shared ? "embed_tokens.weight" : "encoder.embed_tokens.weight", targets = shared ? sources : "decoder.embed_tokens.weight";
        var memory = Stack("encoder", Embed(source, sources, "encoder"), o.EncoderLayers, null);
        var states = Stack("decoder", Embed(inputs, targets, "decoder"), o.DecoderLayers, memory);
        string weight = o.Sharing == EmbeddingSharing.None ? "decoder.output_projection.weight" : targets;
        return Product(states, parameters[weight], o.OutputBias ? parameters["decoder.output_projection.bias"] : null);
    }

    /// <summary>Sum over tokens of the cross-entropy with smoothed labels.</summary>
    public ReferenceValue Loss(int[] source, int[] target)
    {
        var logits = Logits(source, [o.BosId, .. target]);
        int[] labels = [.. target, o.EosId];
        ReferenceValue loss = 0.0;
        for (int t = 0; t < labels.Length; t++)
        {
            var normal = ReferenceValue.Log(Sum(logits[t].Select(ReferenceValue.Exp)));
            for (int c = 0; c < o.TargetVocabulary; c++) loss += Share(c, labels[t]) * (normal - logits[t][c]);
        }
        return loss;
    }

    private double Share(int token, int label)
    {
        double rest = o.LabelSmoothing, hit = token == label ? 1 - rest : 0;
        return o.SmoothingForm switch
        {
            LabelSmoothingForm.AllClasses => hit + rest / o.TargetVocabulary,
            _ when token == label => hit,
            LabelSmoothingForm.OthersOnly => rest / (o.TargetVocabulary - 1),
            _ => token == o.PadId ? 0 : rest / (o.TargetVocabulary - 2),
        };
    }

    private ReferenceValue[][] Embed(int[] ids, string table, string stack) => [.. ids.Select((id, t) => Enumerable.Range(0, o.Size).Select(i =>
    {
        var x = parameters[table][id * o.Size + i] * Math.Sqrt(o.Size);
        int place = t + o.FirstPosition, half = o.Size / 2;
        return o.Positions switch
        {
            TransformerPositions.Learned => x + parameters[$"{stack}.embed_positions.weight"][place * o.Size + i],
            TransformerPositions.Interleaved => x + Wave(i % 2 == 0, place / Math.Pow(10000, 2.0 * (i / 2) / o.Size)),
            TransformerPositions.PaperHalves => x + Wave(i < half, place / Math.Pow(10000, 2.0 * (i % half) / o.Size)),
            TransformerPositions.Halves => x + Wave(i < half, place / Math.Pow(10000, i % half / (o.Size / 2.0 - 1))),
            _ => x,
        };
    }).ToArray())];

    private static double Wave(bool sine, double angle) => sine ? Math.Sin(angle) : Math.Cos(angle);

    private ReferenceValue[][] Stack(string name, ReferenceValue[][] x, int layers, ReferenceValue[][]? memory)
    {
        for (int i = 0; i < layers; i++)
        {
            string layer = $"{name}.layers.{i}";
            x = Residual(x, $"{layer}.self_attn_layer_norm", y => Attention($"{layer}.self_attn", y, y, causal: memory is not null));
            if (memory is not null) x = Residual(x, $"{layer}.encoder_attn_layer_norm", y => Attention($"{layer}.encoder_attn", y, memory, causal: false));
            x = Residual(x, $"{layer}.final_layer_norm", y => Product(
                [.. Product(y, parameters[$"{layer}.fc1.weight"], parameters[$"{layer}.fc1.bias"]).Select(row => Array.ConvertAll(row, Activation))],
                parameters[$"{layer}.fc2.weight"], parameters[$"{layer}.fc2.bias"]));
        }
        return o.Norm == NormPlacement.Pre ? Norm(x, $"{name}.layer_norm") : x;
    }

    private ReferenceValue Activation(ReferenceValue x) =>
        o.Activation == FeedForwardActivation.Swish ? x / (1.0 + ReferenceValue.Exp(0.0 - x)) : ReferenceValue.Max(x, 0.0);

    private ReferenceValue[][] Residual(ReferenceValue[][] x, string norm, Func<ReferenceValue[][], ReferenceValue[][]> layer) =>
        o.Norm == NormPlacement.Pre ? Add(x, layer(Norm(x, norm))) : Norm(Add(x, layer(x)), norm);

    private ReferenceValue[][] Attention(string name, ReferenceValue[][] x, ReferenceValue[][] y, bool causal)
    {
        var q = Project(name, 0, x);
        var k = Project(name, 1, y);
        var v = Project(name, 2, y);
        var result = new ReferenceValue[x.Length][];
        for (int t = 0; t < x.Length; t++)
        {
            result[t] = new ReferenceValue[o.Heads * o.HeadValueSize];
            for (int h = 0; h < o.Heads; h++)
            {
                int seen = causal ? t + 1 : y.Length;
                var scores = Enumerable.Range(0, seen).Select(s => ReferenceValue.Exp(
                    Sum(Enumerable.Range(h * o.HeadSize, o.HeadSize).Select(i => q[t][i] * k[s][i])) * (1 / Math.Sqrt(o.HeadSize)))).ToArray();
                var sum = Sum(scores);
                for (int j = h * o.HeadValueSize; j < (h + 1) * o.HeadValueSize; j++)
                    result[t][j] = Sum(Enumerable.Range(0, seen).Select(s => scores[s] / sum * v[s][j]));
            }
        }
        return Product(result, parameters[$"{name}.out_proj.weight"], o.AttentionBias ? parameters[$"{name}.out_proj.bias"] : null);
    }

    // Parameters lie as PyTorch has them: in one matrix, in three under its own names, or in three layers.
    private ReferenceValue[][] Project(string name, int which, ReferenceValue[][] x)
    {
        int keys = o.Heads * o.HeadSize, count = which == 2 ? o.Heads * o.HeadValueSize : keys, start = which * keys;
        char letter = "qkv"[which];
        if (parameters.TryGetValue($"{name}.{letter}_proj.weight", out var separate))
            return Product(x, separate, o.AttentionBias ? parameters[$"{name}.{letter}_proj.bias"] : null);
        var weight = parameters.TryGetValue($"{name}.in_proj_weight", out var joint) ? joint[(start * o.Size)..((start + count) * o.Size)] : parameters[$"{name}.{letter}_proj_weight"];
        return Product(x, weight, o.AttentionBias ? parameters[$"{name}.in_proj_bias"][start..(start + count)] : null);
    }

    private ReferenceValue[][] Norm(ReferenceValue[][] x, string name) => [.. x.Select(row =>
    {
        var mean = Sum(row) / (double)row.Length;
        var variance = Sum(row.Select(v => (v - mean) * (v - mean))) / (double)row.Length;
        var deviation = ReferenceValue.Sqrt(variance + (double)o.NormEpsilon);
        return row.Select((v, i) => (v - mean) / deviation * parameters[$"{name}.weight"][i] + parameters[$"{name}.bias"][i]).ToArray();
    })];

    private static ReferenceValue[][] Add(ReferenceValue[][] x, ReferenceValue[][] y) => [.. x.Zip(y, (a, b) => a.Zip(b, (v, w) => v + w).ToArray())];

    private static ReferenceValue[][] Product(ReferenceValue[][] x, ReferenceValue[] weight, ReferenceValue[]? bias) => [.. x.Select(row =>
        Enumerable.Range(0, weight.Length / row.Length).Select(o =>
        {
            var sum = Sum(row.Select((v, i) => v * weight[o * row.Length + i]));
            return bias is null ? sum : sum + bias[o];
        }).ToArray())];

    private static ReferenceValue Sum(IEnumerable<ReferenceValue> values)
    {
        ReferenceValue sum = 0.0;
        foreach (var value in values) sum += value;
        return sum;
    }
}
