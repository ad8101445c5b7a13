namespace GpuNets.Models;

/// <summary>Where molecules with known properties come from.</summary>
public enum PropertySource
{
    /// <summary>Random small molecules whose target is computed from their geometry (<see cref="GeneratedMolecules"/>).</summary>
    Generated,

    /// <summary>The packed subset of QM9.</summary>
    Qm9,
}
