namespace GpuNets.Models;

/// <summary>Where molecules with known properties come from.</summary>
public enum PropertySource
{
    /// <summary>Random small molecules whose target is computed from their geometry (<see cref="Training.GeneratedMolecules"/>).</summary>
    Generated,

    /// <summary>The packed subset of QM9, with parts of its own.</summary>
    Qm9,

    /// <summary>A folder of QM9's raw xyz files, all or some, parted at random; those on the list of uncharacterised molecules are left out if the folder has it.</summary>
    Qm9Files,
}
