using System.Collections.Immutable;

namespace GpuNets.Training;

public sealed partial class Molecule
{
    /// <summary>Independent rings: bonds less atoms plus parts.</summary>
    public int RingCount => Rings.Count(this);

    /// <summary>Parts that no bond joins.</summary>
    public int PartCount => Rings.Parts(this);

    /// <summary>
    /// One way to write each molecule: nitrogen of valence five with its charges apart (N(=O)=O becomes [N+](=O)[O-], N#N= becomes [N-]=[N+]=), and aromatic
    /// atoms and bonds found anew by Hueckel's rule, so that a network is told the same of a Kekule and of an aromatic notation.
    /// </summary>
    /// <exception cref="MoleculeException">A valence is exceeded, or aromatic bonds have no Kekule structure.</exception>
    public Molecule Standardize()
    {
        int[] orders = [.. KekuleOrders];
        int[] charges = [.. Atoms.Select(atom => atom.FormalCharge)];
        for (int i = 0; i < Atoms.Length; i++)
            if (Atoms[i].Element.Number == 7 && charges[i] == 0 && KekuleStructure.Sum(this, orders, i) == 5) SeparateCharges(i, orders, charges);
        var plain = new Molecule(
            [.. Atoms.Select((atom, i) => atom with { IsAromatic = false, FormalCharge = charges[i] })],
            [.. Bonds.Select((bond, b) => bond with { Kind = (BondKind)orders[b] })], Name);
        var aromaticity = new Aromaticity(plain);
        if (!Array.Exists(aromaticity.Atoms, aromatic => aromatic)) return plain;
        var atoms = ImmutableArray.CreateBuilder<Atom>(Atoms.Length);
        for (int i = 0; i < Atoms.Length; i++) atoms.Add(plain.Atoms[i] with { IsAromatic = aromaticity.Atoms[i] });
        var bonds = ImmutableArray.CreateBuilder<Bond>(Bonds.Length);
        for (int b = 0; b < Bonds.Length; b++) bonds.Add(aromaticity.Bonds[b] ? plain.Bonds[b] with { Kind = BondKind.Aromatic } : plain.Bonds[b]);
        return new Molecule(atoms.MoveToImmutable(), bonds.MoveToImmutable(), Name);
    }

    private void SeparateCharges(int nitrogen, int[] orders, int[] charges)
    {
        foreach (var (number, order) in ((int, int)[])[(8, 2), (7, 3), (16, 2)])
        {
            foreach (int b in BondsOf(nitrogen))
            {
                int other = Bonds[b].Other(nitrogen);
                if (Atoms[other].Element.Number != number || charges[other] != 0 || orders[b] != order || Degree(other) != 1) continue;
                orders[b]--;
                (charges[nitrogen], charges[other]) = (1, -1);
                return;
            }
        }
    }
}
