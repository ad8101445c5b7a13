namespace GpuNets.Models;

/// <summary>Widths of a <see cref="ContextModule"/> (Table 1 of arXiv 1511.07122).</summary>
public enum ContextKind
{
    /// <summary>C channels in every layer.</summary>
    Basic,

    /// <summary>Twice C at first, then twice as many whenever the dilation doubles: 2C, 2C, 4C, 8C, 16C, 32C, 32C for Dilation8.</summary>
    Large,
}
