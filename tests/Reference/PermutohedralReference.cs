namespace GpuNets.Reference;

/// <summary>
/// The permutohedral lattice of one sample in double precision, after the text of Adams et al. (2010): points are rounded to the lattice by
/// sorting, and vertices live in a dictionary. Features are moved by multiples of 0.618034, as ours are.
/// </summary>
public sealed class PermutohedralReference
{
    private readonly int _dimensions;
    private readonly List<(int[] Vertices, double[] Weights)> _positions = [];
    private readonly Dictionary<string, int> _vertices = [];
    private readonly List<int[]> _keys = [];
    private readonly (int Before, int After)[][] _neighbours;   // per axis and vertex; -1 for none

    /// <param name="features">Features of each position.</param>
    public PermutohedralReference(double[][] features)
    {
        _dimensions = features[0].Length;
        foreach (double[] feature in features) _positions.Add(Simplex(Elevate(feature)));
        _neighbours = [.. Enumerable.Range(0, _dimensions + 1).Select(axis =>
            Enumerable.Range(0, Vertices).Select(v => (Neighbour(v, axis, -1), Neighbour(v, axis, 1))).ToArray())];
    }

    public int Vertices => _keys.Count;

    /// <summary>The filter of one channel, without normalisation and gain.</summary>
    public Real[] Filter(Real[] x)
    {
        var values = new Real[Vertices];
        for (int p = 0; p < x.Length; p++)
            for (int r = 0; r <= _dimensions; r++) values[_positions[p].Vertices[r]] += _positions[p].Weights[r] * x[p];
        foreach (var neighbours in _neighbours)
        {
            var blurred = new Real[Vertices];
            for (int v = 0; v < Vertices; v++) blurred[v] = values[v] + 0.5 * (Value(values, neighbours[v].Before) + Value(values, neighbours[v].After));
            values = blurred;
        }
        return [.. _positions.Select(at => ReferenceFunctions.Sum(at.Vertices.Select((v, r) => at.Weights[r] * values[v])))];
    }

    /// <summary>Factors on the way in and out: the gain, and powers of the filter of ones.</summary>
    public (double[] In, double[] Out) Factors(bool before, bool after)
    {
        int d = _dimensions;
        double gain = Math.Pow(2 * Math.PI, d / 2.0) * Math.Sqrt(d + 1) / (Math.Pow(2, d + 1) * Math.Pow(1.5, d / 2.0));
        double[] norms = [.. Filter([.. _positions.Select(_ => new Real(1))]).Select(n => gain * n.Value)];
        double power = before && after ? -0.5 : -1;
        return ([.. norms.Select(n => before ? Math.Pow(n, power) : 1)], [.. norms.Select(n => gain * (after ? Math.Pow(n, power) : 1))]);
    }

    private double[] Elevate(double[] feature)
    {
        int d = _dimensions;
        double[] scaled = [.. feature.Select((f, k) => (f + 0.618034 * (k + 1)) * (d + 1) * Math.Sqrt(2.0 / 3.0) / Math.Sqrt((k + 1.0) * (k + 2.0)))];
        double[] elevated = new double[d + 1];
        for (int i = 0; i <= d; i++) elevated[i] = scaled.Skip(i).Sum() - (i == 0 ? 0 : i * scaled[i - 1]);
        return elevated;
    }

    private (int[] Vertices, double[] Weights) Simplex(double[] elevated)
    {
        int d = _dimensions;
        int[] nearest = [.. elevated.Select(e => (d + 1) * (int)Math.Floor(e / (d + 1) + 0.5))];
        int excess = nearest.Sum() / (d + 1);
        // Back to the plane: the coordinates that were rounded up most go down a period, or those rounded down most go up.
        var byDifference = Enumerable.Range(0, d + 1).OrderByDescending(i => elevated[i] - nearest[i]).ToArray();
        foreach (int i in excess > 0 ? byDifference[^excess..] : byDifference[..-excess]) nearest[i] -= Math.Sign(excess) * (d + 1);
        int[] order = [.. Enumerable.Range(0, d + 1).OrderByDescending(i => elevated[i] - nearest[i])];
        double[] sorted = [.. order.Select(i => elevated[i] - nearest[i])];
        int[] vertices = new int[d + 1];
        double[] weights = new double[d + 1];
        for (int r = 0; r <= d; r++)
        {
            int[] key = [.. nearest];
            for (int rank = 0; rank <= d; rank++) key[order[rank]] += rank <= d - r ? r : r - (d + 1);
            vertices[r] = Vertex(key);
            weights[r] = r == 0 ? 1 - (sorted[0] - sorted[d]) / (d + 1) : (sorted[d - r] - sorted[d + 1 - r]) / (d + 1);
        }
        return (vertices, weights);
    }

    private int Vertex(int[] key)
    {
        string name = string.Join(' ', key);
        if (_vertices.TryGetValue(name, out int vertex)) return vertex;
        _keys.Add(key);
        return _vertices[name] = _keys.Count - 1;
    }

    private int Neighbour(int vertex, int axis, int side)
    {
        int[] key = [.. _keys[vertex].Select((k, i) => k + side * (i == axis ? -_dimensions : 1))];
        return _vertices.GetValueOrDefault(string.Join(' ', key), -1);
    }

    private static Real Value(Real[] values, int vertex) => vertex < 0 ? 0 : values[vertex];
}
