namespace GpuNets.Models;

/// <summary>Eigenvectors of the normalised Laplacian L = I - D^-1/2 A D^-1/2 of small undirected graphs, for <see cref="SpectralMessage"/>.</summary>
public static class LaplacianModes
{
    /// <summary>The eigenvectors of the smallest eigenvalues, by Jacobi's rotations in double precision; work grows with the cube of the nodes.</summary>
    /// <param name="graph">The graph, each edge listed both ways.</param>
    /// <param name="modes">How many.</param>
    /// <returns>[nodes, modes] in row-major order, a column per mode; modes that a small graph lacks are 0.</returns>
    /// <exception cref="ShapeException">An edge is not listed both ways.</exception>
    public static float[] Of(EdgeList graph, int modes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modes, 1);
        int n = graph.Nodes;
        var a = Matrix(graph);
        var v = new double[n, n];
        for (int i = 0; i < n; i++) v[i, i] = 1;
        for (int sweep = 0; sweep < 100 && Off(a) > 1e-24 * n; sweep++)
            for (int p = 0; p < n; p++)
                for (int q = p + 1; q < n; q++) Rotate(a, v, p, q);
        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => a[i, i])];
        float[] result = new float[checked(n * modes)];
        for (int k = 0; k < Math.Min(n, modes); k++)
            for (int i = 0; i < n; i++) result[i * modes + k] = (float)v[i, order[k]];
        return result;
    }

    private static double[,] Matrix(EdgeList graph)
    {
        int n = graph.Nodes;
        double[,] a = new double[n, n];
        double[] degrees = new double[n];
        for (int e = 0; e < graph.Sources.Length; e++)
        {
            a[graph.Targets[e], graph.Sources[e]]++;
            degrees[graph.Targets[e]]++;
        }
        for (int i = 0; i < n; i++)
            for (int j = i + 1; j < n; j++)
                if (a[i, j] != a[j, i]) throw new ShapeException("LaplacianModes", $"nodes {i} and {j} are joined {a[i, j]} times one way and {a[j, i]} times the other.");
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) a[i, j] = (i == j ? 1 : 0) - (a[i, j] == 0 ? 0 : a[i, j] / Math.Sqrt(degrees[i] * degrees[j]));
        return a;
    }

    private static double Off(double[,] a)
    {
        double sum = 0;
        for (int i = 0; i < a.GetLength(0); i++)
            for (int j = 0; j < a.GetLength(0); j++)
                if (i != j) sum += a[i, j] * a[i, j];
        return sum;
    }

    private static void Rotate(double[,] a, double[,] v, int p, int q)
    {
        if (a[p, q] == 0) return;
        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1)), c = 1 / Math.Sqrt(t * t + 1), s = t * c;
        int n = a.GetLength(0);
        for (int k = 0; k < n; k++) (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q]);
        for (int k = 0; k < n; k++) (a[p, k], a[q, k]) = (c * a[p, k] - s * a[q, k], s * a[p, k] + c * a[q, k]);
        for (int k = 0; k < n; k++) (v[k, p], v[k, q]) = (c * v[k, p] - s * v[k, q], s * v[k, p] + c * v[k, q]);
    }
}
