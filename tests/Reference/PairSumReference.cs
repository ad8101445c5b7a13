namespace GpuNets.Reference;

/// <summary>The sum over pairs as plain loops.</summary>
public static class PairSumReference
{
    /// <summary>y[b] = factor * sum over pairs of the last layer; parameters alternate weight and bias.</summary>
    public static NdArray Of(NdArray left, NdArray right, NdArray? context, NdArray[] parameters, bool self, bool unordered, bool mean)
    {
        int batch = left.Shape[0], objects = left.Shape[1], first = left.Shape[2];
        int width = parameters.Length == 0 ? first : parameters[^2].Shape[0];
        var y = new NdArray([batch, width]);
        for (int b = 0; b < batch; b++)
        {
            int pairs = 0;
            for (int i = 0; i < objects; i++)
                for (int j = 0; j < objects; j++)
                {
                    if ((i == j && !self) || (unordered && j < i)) continue;
                    pairs++;
                    var a = new Real[first];
                    for (int c = 0; c < first; c++)
                    {
                        Real sum = left[b, i, c] + right[b, j, c];
                        if (context is not null) sum += context[b, c];
                        a[c] = Real.Max(sum, 0);
                    }
                    for (int l = 0; l < parameters.Length; l += 2) a = Layer(parameters[l], parameters[l + 1], a);
                    for (int c = 0; c < width; c++) y[b, c] += a[c];
                }
            for (int c = 0; mean && pairs > 0 && c < width; c++) y[b, c] /= pairs;
        }
        return y;
    }

    private static Real[] Layer(NdArray weight, NdArray bias, Real[] a)
    {
        var y = new Real[weight.Shape[0]];
        for (int o = 0; o < y.Length; o++)
        {
            Real sum = 0;
            for (int k = 0; k < a.Length; k++) sum += a[k] * weight[o, k];
            y[o] = Real.Max(sum + bias[o], 0);
        }
        return y;
    }
}
