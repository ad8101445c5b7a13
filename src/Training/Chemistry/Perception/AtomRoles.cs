namespace GpuNets.Training;

/// <summary>
/// Hybridisation, hydrogen-bond donors and acceptors as RDKit 2022.09 finds them with its BaseFeatures.fdef, atom for atom on the packed QM9 set. Of the
/// acceptors in that file it finds hydroxyl and two-bonded oxygen, pyridine-like nitrogen and fluorine; the lines for nitriles, anilines, furan
/// and O- have no effect in it.
/// </summary>
internal sealed class AtomRoles
{
    private readonly Molecule _molecule;
    private readonly int[] _orders;
    private readonly bool[] _conjugated;

    public AtomRoles(Molecule molecule)
    {
        (_molecule, _orders) = (molecule, molecule.KekuleOrders);
        int count = molecule.Atoms.Length;
        _conjugated = new bool[molecule.Bonds.Length];
        for (int b = 0; b < _conjugated.Length; b++) _conjugated[b] = molecule.Bonds[b].Kind == BondKind.Aromatic;
        for (int i = 0; i < count; i++) MarkConjugated(i);
        Hybridizations = new Hybridization[count];
        (Donors, Acceptors) = (new bool[count], new bool[count]);
        for (int i = 0; i < count; i++)
        {
            Hybridizations[i] = HybridizationOf(i);
            Donors[i] = IsDonor(i);
            Acceptors[i] = IsAcceptor(i);
        }
    }

    public Hybridization[] Hybridizations { get; }

    public bool[] Donors { get; }

    public bool[] Acceptors { get; }

    private Atom this[int atom] => _molecule.Atoms[atom];

    private int Neighbours(int atom) => _molecule.Degree(atom) + this[atom].ImplicitHydrogens;

    private int Bonds(int atom) => KekuleStructure.Sum(_molecule, _orders, atom);

    private bool Is(int atom, int number, bool aromatic = false, int charge = 0) =>
        this[atom].Element.Number == number && this[atom].IsAromatic == aromatic && this[atom].FormalCharge == charge;

    // Orbitals in use are neighbours plus lone pairs (and unpaired electrons); a conjugated lone pair makes sp3 to sp2.
    private Hybridization HybridizationOf(int i)
    {
        var element = this[i].Element;
        if (element.Number == 1 || element.OuterElectrons == 0) return Hybridization.None;
        int bonds = Bonds(i), charge = this[i].FormalCharge, free = element.OuterElectrons - (bonds + charge);
        int radicals = bonds + element.OuterElectrons - charge < 8 ? PiElectrons.Unpaired(_molecule, _orders, i) : 0;
        int orbitals = Neighbours(i) + Math.Max(0, (free - radicals) / 2) + radicals;
        return orbitals switch
        {
            2 => Hybridization.Sp,
            3 => Hybridization.Sp2,
            4 => Neighbours(i) <= 3 && HasConjugatedBond(i) ? Hybridization.Sp2 : Hybridization.Sp3,
            _ => Hybridization.None,
        };
    }

    private bool HasConjugatedBond(int atom)
    {
        foreach (int b in _molecule.BondsOf(atom))
            if (_conjugated[b]) return true;
        return false;
    }

    private void MarkConjugated(int i)
    {
        if (!CanConjugate(i) || Neighbours(i) is < 2 or > 3) return;
        var bonds = _molecule.BondsOf(i);
        foreach (int first in bonds)
        {
            bool multiple = _orders[first] > 1 || _molecule.Bonds[first].Kind == BondKind.Aromatic;
            if (!multiple || !CanConjugate(_molecule.Bonds[first].Other(i))) continue;
            foreach (int second in bonds)
            {
                int other = _molecule.Bonds[second].Other(i);
                if (first == second || Neighbours(other) > 3 || !CanConjugate(other)) continue;
                _conjugated[first] = _conjugated[second] = true;
            }
        }
    }

    private bool CanConjugate(int i)
    {
        var element = this[i].Element;
        if (PiElectrons.Of(_molecule, _orders, i) <= 0) return false;
        if (this[i].FormalCharge == 0 && !element.Valences.IsEmpty && Bonds(i) > element.Valences[0]) return false;
        int outer = element.OuterElectrons;
        return element.Number <= 10 || (outer != 5 && outer != 6) || (outer == 6 && Neighbours(i) < 2);
    }

    private bool IsDonor(int i)
    {
        int hydrogens = _molecule.HydrogensOf(i), bonds = Bonds(i);
        if (Is(i, 7)) return bonds == 3 && (hydrogens > 0 || HasThreeCarbons(i));
        if (Is(i, 7, charge: 1)) return hydrogens > 0 && bonds == 4;
        // An aromatic nitrogen counts beside its tautomer's NH too, next to it or one carbon further.
        if (this[i] is { Element.Number: 7, IsAromatic: true }) return (this[i].FormalCharge == 0 && hydrogens == 1) || IsBesideAromaticNH(i);
        return (Is(i, 8) || Is(i, 16)) && hydrogens == 1;
    }

    private bool IsAcceptor(int i)
    {
        int hydrogens = _molecule.HydrogensOf(i);
        if (Is(i, 8)) return Bonds(i) == 2 && (hydrogens == 1 || (hydrogens == 0 && !IsOxygenOfNitroso(i)));
        if (Is(i, 7, aromatic: true)) return Neighbours(i) != 3;
        return this[i].Element.Number == 9 && IsLoneFluorine(i);
    }

    private bool HasThreeCarbons(int i)
    {
        int count = 0;
        foreach (int b in _molecule.BondsOf(i))
        {
            int other = _molecule.Bonds[b].Other(i);
            if (_molecule.Bonds[b].Kind == BondKind.Single && this[other] is { Element.Number: 6, IsAromatic: false }) count++;
        }
        return count == 3;
    }

    private bool IsBesideAromaticNH(int i)
    {
        foreach (int b in _molecule.BondsOf(i))
        {
            int near = _molecule.Bonds[b].Other(i);
            if (IsAromaticNH(near)) return true;
            if (this[near] is not { Element.Number: 6, IsAromatic: true }) continue;
            foreach (int c in _molecule.BondsOf(near))
                if (_molecule.Bonds[c].Other(near) is var far && far != i && IsAromaticNH(far)) return true;
        }
        return false;
    }

    private bool IsAromaticNH(int i) => this[i] is { Element.Number: 7, IsAromatic: true } && _molecule.HydrogensOf(i) == 1;

    // O=N-*
    private bool IsOxygenOfNitroso(int oxygen)
    {
        foreach (int b in _molecule.BondsOf(oxygen))
        {
            int nitrogen = _molecule.Bonds[b].Other(oxygen);
            if (_molecule.Bonds[b].Kind != BondKind.Double || this[nitrogen] is not { Element.Number: 7, IsAromatic: false }) continue;
            foreach (int c in _molecule.BondsOf(nitrogen))
                if (_molecule.Bonds[c].Kind == BondKind.Single) return true;
        }
        return false;
    }

    // F on carbon, without another halogen there.
    private bool IsLoneFluorine(int fluorine)
    {
        foreach (int b in _molecule.BondsOf(fluorine))
        {
            int carbon = _molecule.Bonds[b].Other(fluorine);
            if (this[carbon].Element.Number != 6) continue;
            if (this[carbon].IsAromatic) return true;
            foreach (int c in _molecule.BondsOf(carbon))
                if (_molecule.Bonds[c].Other(carbon) is var other && other != fluorine && this[other].Element.Number is 9 or 17 or 35 or 53) return false;
            return true;
        }
        return false;
    }
}
