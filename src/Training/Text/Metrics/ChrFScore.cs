namespace GpuNets.Training;

/// <summary>A corpus chrF with what it is made of.</summary>
/// <param name="Score">0 to 100.</param>
/// <param name="Precision">Mean precision over the orders that occur, 0 to 1.</param>
/// <param name="Recall">Mean recall over the orders that occur, 0 to 1.</param>
/// <param name="Signature">How it was computed, as sacreBLEU prints it.</param>
public sealed record ChrFScore(double Score, double Precision, double Recall, string Signature)
{
    /// <summary>The line that sacreBLEU prints.</summary>
    public override string ToString() => $"{Signature} = {Score:F2}";
}
