namespace GpuNets.Peers;

/// <summary>How far two sets of outputs lie apart.</summary>
/// <param name="Largest">The largest difference of an element, relative to the larger of the peer's element and the root mean square
/// of the peer's array: relative for large elements, absolute on the array's own scale for those near zero.</param>
/// <param name="Output">Name of the array in which it was found.</param>
internal sealed record Difference(double Largest, string Output)
{
    /// <summary>Compares arrays pairwise.</summary>
    /// <exception cref="InvalidOperationException">The arrays do not correspond, or the peer's hold nothing to compare with.</exception>
    public static Difference Between(IReadOnlyList<HostArray> ours, IReadOnlyList<HostArray> peer)
    {
        if (ours.Count != peer.Count || peer.Count == 0)
            throw new InvalidOperationException($"{ours.Count} outputs against the peer's {peer.Count}.");
        var worst = new Difference(0, peer[0].Name);
        for (int i = 0; i < peer.Count; i++)
        {
            double largest = Between(ours[i], peer[i]);
            if (!(largest <= worst.Largest)) worst = new Difference(largest, peer[i].Name);
        }
        return worst;
    }

    private static double Between(HostArray ours, HostArray peer)
    {
        if (ours.Values.Length != peer.Values.Length)
            throw new InvalidOperationException(
                $"{peer.Name}: ours is {Print(ours)}, the peer's is {Print(peer)}.");
        double squares = 0;
        foreach (float value in peer.Values) squares += (double)value * value;
        double scale = Math.Sqrt(squares / peer.Values.Length);
        if (double.IsNaN(scale)) return double.PositiveInfinity;   // the peer's double precision may tell why
        if (!(scale > 0) || double.IsInfinity(scale))
            throw new InvalidOperationException($"{peer.Name}: the peer's root mean square is {scale}; nothing can be compared with it.");
        double largest = 0;
        for (int i = 0; i < peer.Values.Length; i++)
        {
            double difference = Math.Abs((double)ours.Values[i] - peer.Values[i]) / Math.Max(scale, Math.Abs(peer.Values[i]));
            if (double.IsNaN(difference)) return double.PositiveInfinity;
            largest = Math.Max(largest, difference);
        }
        return largest;
    }

    private static string Print(HostArray array) => $"[{string.Join(", ", array.Shape)}]";
}
