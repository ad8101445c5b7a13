namespace GpuNets.Reference;

/// <summary>Gaussian filters between positions as matrices, and the mean-field iterations of a dense CRF, as plain loops.</summary>
public static class MeanFieldReference
{
    /// <summary>k(i, j) = e^(-|f_i - f_j|^2 / 2), divided by its row sums on the sides that are marked.</summary>
    public static double[,] Gaussian(double[][] features, bool before, bool after)
    {
        int count = features.Length;
        var k = new double[count, count];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j++) k[i, j] = Math.Exp(-0.5 * features[i].Zip(features[j], (a, b) => (a - b) * (a - b)).Sum());
        double[] norms = [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, count).Sum(j => k[i, j]))];
        double power = before && after ? -0.5 : -1;
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j++) k[i, j] *= (after ? Math.Pow(norms[i], power) : 1) * (before ? Math.Pow(norms[j], power) : 1);
        return k;
    }

    /// <summary>K x for one channel.</summary>
    public static Real[] Apply(double[,] k, Real[] x) =>
        [.. Enumerable.Range(0, x.Length).Select(i => ReferenceFunctions.Sum(x.Select((value, j) => k[i, j] * value)))];

    /// <summary>
    /// L of one sample [positions, classes] after some iterations of Q = softmax(L), m = sum over kernels of K Q W^T, L = U + m M^T.
    /// </summary>
    public static NdArray Run(NdArray unary, (Func<Real[], Real[]> Filter, NdArray Weight)[] kernels, NdArray? compatibility, int iterations)
    {
        int positions = unary.Shape[0], classes = unary.Shape[1];
        var logits = unary;
        for (int t = 0; t < iterations; t++)
        {
            var q = ReferenceFunctions.Softmax(logits, 1);
            var message = new NdArray(unary.Shape);
            foreach (var (filter, weight) in kernels)
            {
                var filtered = new NdArray(unary.Shape);
                for (int c = 0; c < classes; c++)
                {
                    Real[] channel = filter([.. Enumerable.Range(0, positions).Select(p => q[p, c])]);
                    for (int p = 0; p < positions; p++) filtered[p, c] = channel[p];
                }
                var part = weight.Rank == 2 ? Mix(filtered, weight) : NdArray.Broadcast(filtered, weight, (a, b) => a * b);
                message = NdArray.Broadcast(message, part, (a, b) => a + b);
            }
            logits = NdArray.Broadcast(unary, compatibility is null ? message : Mix(message, compatibility), (a, b) => a + b);
        }
        return logits;
    }

    // y[p, l] = sum over k of m[l, k] x[p, k]
    private static NdArray Mix(NdArray x, NdArray m)
    {
        var y = new NdArray(x.Shape);
        for (int p = 0; p < x.Shape[0]; p++)
            for (int l = 0; l < x.Shape[1]; l++)
                for (int k = 0; k < x.Shape[1]; k++) y[p, l] += m[l, k] * x[p, k];
        return y;
    }
}
