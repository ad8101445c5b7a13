using System.Collections.Immutable;

namespace GpuNets.Training;

public sealed partial class Molecule
{
    /// <summary>
    /// The same molecule with every hydrogen as an atom, appended after the others. Hydrogens that were implicit get no position, so this needs a
    /// molecule without coordinates, or one whose hydrogens are atoms already.
    /// </summary>
    /// <exception cref="MoleculeException">The molecule has coordinates and implicit hydrogens, whose places are unknown.</exception>
    public Molecule WithExplicitHydrogens()
    {
        int hidden = 0;
        foreach (var atom in Atoms) hidden = checked(hidden + atom.ImplicitHydrogens);
        if (hidden == 0) return this;
        if (HasPositions) throw Error($"{hidden} hydrogens are implicit, so their positions are unknown; give them as atoms, or use implicit hydrogens");
        var atoms = ImmutableArray.CreateBuilder<Atom>(Atoms.Length + hidden);
        var bonds = ImmutableArray.CreateBuilder<Bond>(Bonds.Length + hidden);
        foreach (var atom in Atoms) atoms.Add(atom with { ImplicitHydrogens = 0 });
        bonds.AddRange(Bonds);
        for (int i = 0; i < Atoms.Length; i++)
        {
            for (int h = 0; h < Atoms[i].ImplicitHydrogens; h++)
            {
                bonds.Add(new Bond(i, atoms.Count, BondKind.Single));
                atoms.Add(new Atom(Element.Hydrogen));
            }
        }
        return new Molecule(atoms.ToImmutable(), bonds.ToImmutable(), Name);
    }

    /// <summary>
    /// The same molecule with hydrogens as a number of their neighbour. A hydrogen stays an atom where it is charged, an isotope, or not singly
    /// bonded to exactly one atom that is no hydrogen (H2, a bare proton, a bridge).
    /// </summary>
    public Molecule WithImplicitHydrogens()
    {
        int[] place = new int[Atoms.Length], hidden = new int[Atoms.Length];
        int kept = 0;
        for (int i = 0; i < Atoms.Length; i++)
        {
            place[i] = CanHide(i, out int owner) ? -1 : kept++;
            if (place[i] < 0) hidden[owner]++;
        }
        if (kept == Atoms.Length) return this;
        var atoms = ImmutableArray.CreateBuilder<Atom>(kept);
        for (int i = 0; i < Atoms.Length; i++)
            if (place[i] >= 0) atoms.Add(hidden[i] == 0 ? Atoms[i] : Atoms[i] with { ImplicitHydrogens = Atoms[i].ImplicitHydrogens + hidden[i] });
        var bonds = ImmutableArray.CreateBuilder<Bond>();
        foreach (var bond in Bonds)
            if (place[bond.First] >= 0 && place[bond.Second] >= 0) bonds.Add(new Bond(place[bond.First], place[bond.Second], bond.Kind));
        return new Molecule(atoms.ToImmutable(), bonds.ToImmutable(), Name);
    }

    /// <summary>True if an atom is a hydrogen that can be a number of its neighbour.</summary>
    internal bool CanHide(int atom, out int owner)
    {
        owner = -1;
        if (Atoms[atom] is not { Element.Number: 1, FormalCharge: 0, Isotope: 0, ImplicitHydrogens: 0 } || Degree(atom) != 1) return false;
        var bond = Bonds[BondsOf(atom)[0]];
        owner = bond.Other(atom);
        return bond.Kind == BondKind.Single && Atoms[owner].Element.Number != 1;
    }
}
