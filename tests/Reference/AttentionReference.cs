namespace GpuNets.Reference;

/// <summary>Attention as it is defined, one score after the other.</summary>
public static class AttentionReference
{
    /// <summary>Attention over [batch, heads, time, size].</summary>
    /// <param name="query">[batch, heads, queries, size].</param>
    /// <param name="key">[batch, heads, keys, size].</param>
    /// <param name="value">[batch, heads, keys, value size].</param>
    /// <param name="scale">Factor of products of queries and keys.</param>
    /// <param name="sees">Whether a query of a sample sees a key.</param>
    /// <param name="bias">[1 or batch, 1 or heads, queries, keys], or null.</param>
    /// <param name="mask">What a weight is multiplied with, by sample * heads + head, query and key; null for 1.</param>
    public static NdArray Forward(
        NdArray query, NdArray key, NdArray value, double scale, Func<int, int, int, bool> sees, NdArray? bias = null, Func<int, int, int, double>? mask = null)
    {
        int batch = query.Shape[0], heads = query.Shape[1], queries = query.Shape[2], size = query.Shape[3], keys = key.Shape[2], values = value.Shape[3];
        var output = new NdArray([batch, heads, queries, values]);
        for (int b = 0; b < batch; b++)
            for (int h = 0; h < heads; h++)
                for (int t = 0; t < queries; t++)
                {
                    var seen = Enumerable.Range(0, keys).Where(s => sees(b, t, s)).ToArray();
                    var scores = seen.Select(s =>
                    {
                        Real score = scale * ReferenceFunctions.Sum(Enumerable.Range(0, size).Select(i => query[b, h, t, i] * key[b, h, s, i]));
                        return bias is null ? score : score + bias[bias.Shape[0] == 1 ? 0 : b, bias.Shape[1] == 1 ? 0 : h, t, s];
                    }).ToArray();
                    double max = scores.Select(score => score.Value).DefaultIfEmpty(double.NegativeInfinity).Max();
                    if (double.IsNegativeInfinity(max)) continue;
                    var exponentials = scores.Select(score => Real.Exp(score - max)).ToArray();
                    var sum = ReferenceFunctions.Sum(exponentials);
                    for (int j = 0; j < values; j++)
                        output[b, h, t, j] = ReferenceFunctions.Sum(seen.Select((s, n) =>
                            exponentials[n] / sum * (mask?.Invoke(b * heads + h, t, s) ?? 1) * value[b, h, s, j]));
                }
        return output;
    }

    /// <summary>Additive attention: softmax over the keys s of v . tanh(query[t] + key[s]), and the sum of values with it.</summary>
    /// <param name="query">[batch, queries, units].</param>
    /// <param name="key">[batch, keys, units].</param>
    /// <param name="v">[units].</param>
    /// <param name="value">[batch, keys, features].</param>
    /// <param name="lengths">Keys of each sample; null: all.</param>
    public static NdArray Additive(NdArray query, NdArray key, NdArray v, NdArray value, int[]? lengths)
    {
        int units = v.Length, features = value.Shape[2];
        var output = new NdArray([query.Shape[0], query.Shape[1], features]);
        for (int b = 0; b < query.Shape[0]; b++)
            for (int t = 0; t < query.Shape[1]; t++)
            {
                int keys = lengths?[b] ?? key.Shape[1];
                if (keys == 0) continue;
                var scores = new NdArray([1, keys]);
                for (int s = 0; s < keys; s++)
                    scores[s] = ReferenceFunctions.Sum(Enumerable.Range(0, units).Select(a => v[a] * Real.Tanh(query[b, t, a] + key[b, s, a])));
                var weights = ReferenceFunctions.Softmax(scores, 1);
                for (int j = 0; j < features; j++)
                    output[b, t, j] = ReferenceFunctions.Sum(Enumerable.Range(0, keys).Select(s => weights[s] * value[b, s, j]));
            }
        return output;
    }

    /// <summary>[batch, time, heads * size] as [batch, heads, time, size].</summary>
    public static NdArray Split(NdArray x, int heads)
    {
        int size = x.Shape[2] / heads;
        var result = new NdArray([x.Shape[0], heads, x.Shape[1], size]);
        int at = 0;
        foreach (int[] i in NdArray.Indices(result.Shape)) result.Values[at++] = x[i[0], i[2], i[1] * size + i[3]];
        return result;
    }

    /// <summary>[batch, heads, time, size] as [batch, time, heads * size].</summary>
    public static NdArray Join(NdArray x)
    {
        var result = new NdArray([x.Shape[0], x.Shape[2], x.Shape[1] * x.Shape[3]]);
        foreach (int[] i in NdArray.Indices(x.Shape)) result[i[0], i[2], i[1] * x.Shape[3] + i[3]] = x[i];
        return result;
    }
}
