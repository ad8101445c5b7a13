namespace GpuNets.Training;

/// <summary>
/// Double and triple bonds, and charges, that fill up the valences of a neutral molecule whose neighbours are known. First without charges (but those
/// of atoms with too many neighbours, as in ammonium), then with charges that belong together: N+ beside O- (nitro groups, N-oxides), N+ beside N-
/// (azides, diazo groups), N+ beside C- (isocyanides), and O- against ammonium.
/// </summary>
internal sealed class BondOrders
{
    /// <summary>Work bound: bonds tried over all attempts.</summary>
    private const int MostTries = 100_000;

    /// <summary>Largest molecule whose multiple bonds are perceived.</summary>
    private const int MostAtoms = 10_000;

    /// <summary>Work bound: pairs of atoms that could carry charges.</summary>
    private const int MostMoves = 1000;

    /// <summary>Most pairs of charges.</summary>
    private const int MostPairs = 3;

    private readonly Molecule _skeleton;
    private readonly double[] _lengths;
    private readonly int[] _charges;
    private readonly int[] _free;
    private readonly int[] _orders;
    private int _tries;

    private BondOrders(Molecule skeleton)
    {
        _skeleton = skeleton;
        _charges = new int[skeleton.Atoms.Length];
        _free = new int[skeleton.Atoms.Length];
        _orders = new int[skeleton.Bonds.Length];
        _lengths = [.. skeleton.Bonds.Select(bond => Stretch(skeleton, bond))];
    }

    /// <summary>The molecule with its bond orders.</summary>
    /// <exception cref="MoleculeException">No orders fill up all valences.</exception>
    public static Molecule Fill(Molecule skeleton)
    {
        if (skeleton.Atoms.Length > MostAtoms && Enumerable.Range(0, skeleton.Atoms.Length).Any(i => IsUnsaturated(skeleton, i)))
            throw skeleton.Error(
                $"multiple bonds of {skeleton.Atoms.Length} atoms are not perceived from coordinates, at most those of {MostAtoms}; take a format with bonds (SDF)");
        var search = new BondOrders(skeleton);
        for (int i = 0; i < search._charges.Length; i++) search._charges[i] = ForcedCharge(skeleton, i);
        var moves = search.Moves();
        for (int pairs = 0; pairs <= MostPairs; pairs++)
            if (search.Charge(moves, 0, pairs)) return search.Result();
        throw skeleton.Error(
            "no bonds fill up the valences of its atoms as a neutral molecule without radicals " +
            $"({skeleton.Formula}, {skeleton.Bonds.Length} pairs of atoms near enough for a bond); a format with bonds (SDF) can say what is meant");
    }

    private static double Stretch(Molecule molecule, Bond bond)
    {
        var (a, b) = (molecule.Atoms[bond.First], molecule.Atoms[bond.Second]);
        var d = a.Position!.Value - b.Position!.Value;
        return d.Length() / (a.Element.CovalentRadius + b.Element.CovalentRadius);
    }

    private static bool IsUnsaturated(Molecule skeleton, int atom)
    {
        var valences = skeleton.Atoms[atom].Element.Valences;
        return Valence.For(valences, skeleton.Degree(atom)) > skeleton.Degree(atom);
    }

    private static int ForcedCharge(Molecule skeleton, int atom) => (skeleton.Atoms[atom].Element.Number, skeleton.Degree(atom)) switch
    {
        (7, 4) or (8, 3) => 1,
        (5, 4) => -1,
        _ => 0,
    };

    // Pairs of atoms that could carry + and -, neighbours first; an atom without a partner has -1.
    private List<(int Plus, int Minus)> Moves()
    {
        var moves = new List<(int, int)>();
        var minus = new List<int>();
        for (int i = 0; i < _charges.Length; i++)
        {
            int number = _skeleton.Atoms[i].Element.Number, degree = _skeleton.Degree(i);
            bool canBeMinus = number switch
            {
                8 or 16 => degree == 1,
                7 => degree is 1 or 2,
                6 => degree is 1 or 3,
                _ => false,
            };
            if (canBeMinus && _charges[i] == 0) minus.Add(i);
        }
        foreach (int i in minus.OrderBy(i => _skeleton.Atoms[i].Element.Number == 6 ? 2 : _skeleton.Atoms[i].Element.Number == 7 ? 1 : 0))
        {
            foreach (int b in _skeleton.BondsOf(i))
                if (_skeleton.Bonds[b].Other(i) is var n && _charges[n] == 0 && CanBePlus(n, i)) moves.Add((n, i));
        }
        if (_charges.Sum() > 0) moves.InsertRange(0, minus.OrderBy(i => -_skeleton.Atoms[i].Element.Number).Select(i => (-1, i)));
        else
        {
            foreach (int i in minus)
            {
                for (int n = 0; n < _charges.Length && moves.Count < MostMoves; n++)
                {
                    bool canBePlus = _skeleton.Atoms[n].Element.Number == 7 && _skeleton.Degree(n) == 3 && _charges[n] == 0;
                    if (canBePlus && n != i && _skeleton.BondBetween(n, i) is null) moves.Add((n, i));
                }
            }
        }
        return moves;
    }

    // Nitrogen, and the oxygen of carbon monoxide.
    private bool CanBePlus(int atom, int minus) => (_skeleton.Atoms[atom].Element.Number, _skeleton.Degree(atom)) switch
    {
        (7, 2 or 3) => true,
        (8, 1) => _skeleton.Atoms[minus].Element.Number == 6 && _skeleton.Degree(minus) == 1,
        _ => false,
    };

    private bool Charge(List<(int Plus, int Minus)> moves, int from, int pairs)
    {
        if (pairs == 0) return _charges.Sum() == 0 && Solve();
        for (int m = from; m < moves.Count && _tries < MostTries; m++)
        {
            var (plus, minus) = moves[m];
            if (_charges[minus] != 0 || (plus >= 0 && _charges[plus] != 0)) continue;
            _tries++;
            _charges[minus] = -1;
            if (plus >= 0) _charges[plus] = 1;
            if (Charge(moves, m + 1, pairs - 1)) return true;
            _charges[minus] = 0;
            if (plus >= 0) _charges[plus] = 0;
        }
        return false;
    }

    private bool Solve()
    {
        int sum = 0;
        for (int i = 0; i < _free.Length; i++)
        {
            int degree = _skeleton.Degree(i);
            var valences = Valence.Of(_skeleton.Atoms[i].Element, _charges[i]);
            if (!valences.IsEmpty && degree > valences[^1]) return false;
            _free[i] = Valence.For(valences, degree) - degree;
            // Nitrogen has no fifth bond here: charges are apart.
            if (_skeleton.Atoms[i].Element.Number == 7 && degree + _free[i] == 5) return false;
            sum += _free[i];
        }
        Array.Fill(_orders, 1);
        return sum % 2 == 0 && Place();
    }

    // Takes the atom with the fewest ways to use its free valence and tries them, shortest bond first; goes back where there is none.
    private bool Place()
    {
        var path = new Stack<(int[] Bonds, int Grown)>();
        while (true)
        {
            var (atom, ways) = MostBound();
            if (atom < 0) return true;
            int[] bonds = ways == 0 ? [] : _skeleton.BondsOf(atom).ToArray();
            Array.Sort(bonds, (a, b) => _lengths[a].CompareTo(_lengths[b]));
            path.Push((bonds, -1));
            while (!Advance(path))
            {
                path.Pop();
                if (path.Count == 0 || _tries > MostTries) return false;
            }
        }
    }

    private (int Atom, int Ways) MostBound()
    {
        var (atom, fewest) = (-1, int.MaxValue);
        for (int i = 0; i < _free.Length && fewest > 0; i++)
        {
            if (_free[i] == 0) continue;
            int ways = 0;
            foreach (int b in _skeleton.BondsOf(i)) ways += CanGrow(b) ? 1 : 0;
            if (ways < fewest) (atom, fewest) = (i, ways);
        }
        return (atom, fewest);
    }

    // The next bond of the atom on top of the path; false if it has no more.
    private bool Advance(Stack<(int[] Bonds, int Grown)> path)
    {
        var (bonds, grown) = path.Pop();
        if (grown >= 0) Grow(bonds[grown], -1);
        for (int k = grown + 1; k < bonds.Length; k++)
        {
            if (!CanGrow(bonds[k]) || ++_tries > MostTries) continue;
            Grow(bonds[k], 1);
            path.Push((bonds, k));
            return true;
        }
        path.Push((bonds, -1));
        return false;
    }

    private bool CanGrow(int b) => _orders[b] < 3 && _free[_skeleton.Bonds[b].First] > 0 && _free[_skeleton.Bonds[b].Second] > 0;

    private void Grow(int b, int by)
    {
        _orders[b] += by;
        _free[_skeleton.Bonds[b].First] -= by;
        _free[_skeleton.Bonds[b].Second] -= by;
    }

    private Molecule Result() => new(
        [.. _skeleton.Atoms.Select((atom, i) => atom with { FormalCharge = _charges[i] })],
        [.. _skeleton.Bonds.Select((bond, b) => bond with { Kind = (BondKind)_orders[b] })], _skeleton.Name);
}
