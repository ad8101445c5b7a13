using System.Collections.Immutable;

namespace GpuNets.Training;

/// <summary>Gives a skeleton of single bonds the kinds of bonds and charges of a SMILES whose atoms it has, in whatever order.</summary>
internal sealed class SmilesMatch
{
    /// <summary>Work bound: atoms tried. A molecule of QM9 takes some dozens.</summary>
    private const int MostTries = 200_000;

    /// <summary>Largest molecule that is matched; those of QM9 have nine atoms that are no hydrogen.</summary>
    private const int MostAtoms = 1000;

    private readonly Molecule _heavy;
    private readonly Molecule _pattern;
    private readonly int[] _order;
    private readonly int[] _place;
    private readonly bool[] _taken;
    private int _tries;

    private SmilesMatch(Molecule heavy, Molecule pattern)
    {
        (_heavy, _pattern) = (heavy, pattern);
        _order = OrderOf(pattern);
        _place = new int[pattern.Atoms.Length];
        Array.Fill(_place, -1);
        _taken = new bool[heavy.Atoms.Length];
    }

    /// <summary>The skeleton with the SMILES' bonds; null if the two are different molecules, or too large.</summary>
    /// <param name="skeleton">Atoms with hydrogens as atoms, and single bonds.</param>
    /// <param name="smiles">What the SMILES says.</param>
    public static Molecule? Apply(Molecule skeleton, Molecule smiles)
    {
        var heavy = skeleton.WithImplicitHydrogens();
        var pattern = smiles.WithImplicitHydrogens();
        if (heavy.Atoms.Length != pattern.Atoms.Length || heavy.Bonds.Length != pattern.Bonds.Length || heavy.Atoms.Length > MostAtoms) return null;
        var match = new SmilesMatch(heavy, pattern);
        return match.Place(0) ? match.Transfer(skeleton) : null;
    }

    private bool Place(int step)
    {
        if (step == _order.Length) return true;
        int p = _order[step];
        for (int h = 0; h < _taken.Length; h++)
        {
            if (_taken[h] || !Fits(p, h)) continue;
            if (++_tries > MostTries) return false;
            (_place[p], _taken[h]) = (h, true);
            if (Place(step + 1)) return true;
            (_place[p], _taken[h]) = (-1, false);
        }
        return false;
    }

    private bool Fits(int p, int h)
    {
        if (_pattern.Atoms[p].Element != _heavy.Atoms[h].Element) return false;
        if (_pattern.Degree(p) != _heavy.Degree(h) || _pattern.HydrogensOf(p) != _heavy.HydrogensOf(h)) return false;
        foreach (int b in _pattern.BondsOf(p))
            if (_place[_pattern.Bonds[b].Other(p)] is >= 0 and var other && _heavy.BondBetween(h, other) is null) return false;
        return true;
    }

    // Neighbours soon after each other, so that wrong choices show at once.
    private static int[] OrderOf(Molecule pattern)
    {
        bool[] seen = new bool[pattern.Atoms.Length];
        var order = new List<int>();
        for (int start = 0; start < seen.Length; start++)
        {
            if (seen[start]) continue;
            seen[start] = true;
            order.Add(start);
            for (int k = order.Count - 1; k < order.Count; k++)
            {
                foreach (int b in pattern.BondsOf(order[k]))
                {
                    int other = pattern.Bonds[b].Other(order[k]);
                    if (seen[other]) continue;
                    seen[other] = true;
                    order.Add(other);
                }
            }
        }
        return [.. order];
    }

    private Molecule Transfer(Molecule skeleton)
    {
        // Hydrogens that WithImplicitHydrogens took away are those that are not among the atoms kept, in order.
        int[] patternOf = new int[skeleton.Atoms.Length];
        Array.Fill(patternOf, -1);
        int[] skeletonOf = KeptAtoms(skeleton);
        for (int p = 0; p < _place.Length; p++) patternOf[skeletonOf[_place[p]]] = p;
        var atoms = ImmutableArray.CreateBuilder<Atom>(patternOf.Length);
        for (int i = 0; i < patternOf.Length; i++)
        {
            atoms.Add(patternOf[i] < 0 ? skeleton.Atoms[i] : skeleton.Atoms[i] with
            {
                FormalCharge = _pattern.Atoms[patternOf[i]].FormalCharge,
                IsAromatic = _pattern.Atoms[patternOf[i]].IsAromatic,
            });
        }
        var bonds = skeleton.Bonds.Select(bond => patternOf[bond.First] >= 0 && patternOf[bond.Second] >= 0
            ? bond with { Kind = _pattern.BondBetween(patternOf[bond.First], patternOf[bond.Second]) ?? bond.Kind }
            : bond);
        return new Molecule(atoms.MoveToImmutable(), [.. bonds], skeleton.Name);
    }

    private int[] KeptAtoms(Molecule skeleton)
    {
        int[] kept = new int[_heavy.Atoms.Length];
        for (int i = 0, h = 0; i < skeleton.Atoms.Length; i++)
            if (!skeleton.CanHide(i, out _)) kept[h++] = i;
        return kept;
    }
}
