namespace GpuNets.Training;

public sealed partial class Molecule
{
    private AtomRoles? _roles;

    private AtomRoles Roles => _roles ??= new AtomRoles(this);

    /// <summary>Hybridisation of an atom, by its neighbours, lone pairs and conjugation, as RDKit sees it.</summary>
    /// <param name="atom">Its number.</param>
    /// <exception cref="MoleculeException">An atom has more bonds than its valence allows, or aromatic bonds have no Kekule structure.</exception>
    public Hybridization HybridizationOf(int atom) => Roles.Hybridizations[atom];

    /// <summary>True if an atom can give the hydrogen of a hydrogen bond (the definition of RDKit's base features).</summary>
    /// <param name="atom">Its number.</param>
    /// <exception cref="MoleculeException">As of <see cref="HybridizationOf"/>.</exception>
    public bool IsDonor(int atom) => Roles.Donors[atom];

    /// <summary>True if an atom can take the hydrogen of a hydrogen bond (the definition of RDKit's base features).</summary>
    /// <param name="atom">Its number.</param>
    /// <exception cref="MoleculeException">As of <see cref="HybridizationOf"/>.</exception>
    public bool IsAcceptor(int atom) => Roles.Acceptors[atom];

    /// <summary>Checks the valences of all atoms and that aromatic systems have a Kekule structure.</summary>
    /// <exception cref="MoleculeException">The message names the first atom with too many bonds.</exception>
    public void CheckValences() => _ = KekuleOrders;
}
