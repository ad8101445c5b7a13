namespace GpuNets.Training;

/// <summary>
/// The small rings of a molecule: the shortest cycles through each of its bonds. None of them is a sum of shorter rings, as one of these would then be a
/// shorter cycle through the bond.
/// </summary>
internal sealed class Rings
{
    /// <summary>Longest ring looked for; larger ones exist but matter for nothing here.</summary>
    public const int Longest = 24;

    /// <summary>Work bound: shortest cycles followed through one bond, of which symmetric cages have many.</summary>
    private const int MostPerBond = 64;

    private readonly Molecule _molecule;
    private readonly int[] _distance;
    private readonly List<int> _reached = [];

    private Rings(Molecule molecule)
    {
        _molecule = molecule;
        _distance = new int[molecule.Atoms.Length];
        Array.Fill(_distance, -1);
    }

    /// <summary>Number of independent rings: bonds less atoms plus parts.</summary>
    public static int Count(Molecule molecule) => molecule.Bonds.Length - molecule.Atoms.Length + Parts(molecule);

    /// <summary>Number of connected parts.</summary>
    public static int Parts(Molecule molecule)
    {
        bool[] seen = new bool[molecule.Atoms.Length];
        var open = new Stack<int>();
        int parts = 0;
        for (int start = 0; start < seen.Length; start++)
        {
            if (seen[start]) continue;
            parts++;
            seen[start] = true;
            open.Push(start);
            while (open.TryPop(out int atom))
            {
                foreach (int b in molecule.BondsOf(atom))
                {
                    int other = molecule.Bonds[b].Other(atom);
                    if (seen[other]) continue;
                    seen[other] = true;
                    open.Push(other);
                }
            }
        }
        return parts;
    }

    /// <summary>For every bond whether it is in a ring: whether its ends stay joined without it (Tarjan's bridges).</summary>
    public static bool[] InRing(Molecule molecule)
    {
        int n = molecule.Atoms.Length, clock = 0;
        int[] entered = new int[n], low = new int[n], next = new int[n], by = new int[n];
        bool[] inRing = new bool[molecule.Bonds.Length];
        Array.Fill(inRing, true);
        var path = new Stack<int>();
        for (int start = 0; start < n; start++)
        {
            if (entered[start] > 0) continue;
            (entered[start], by[start]) = (++clock, -1);
            low[start] = clock;
            path.Push(start);
            while (path.TryPeek(out int atom))
            {
                var bonds = molecule.BondsOf(atom);
                if (next[atom] < bonds.Length)
                {
                    int b = bonds[next[atom]++], other = molecule.Bonds[b].Other(atom);
                    if (b == by[atom]) continue;
                    if (entered[other] > 0) low[atom] = Math.Min(low[atom], entered[other]);
                    else
                    {
                        entered[other] = low[other] = ++clock;
                        by[other] = b;
                        path.Push(other);
                    }
                    continue;
                }
                path.Pop();
                if (by[atom] < 0) continue;
                int parent = molecule.Bonds[by[atom]].Other(atom);
                low[parent] = Math.Min(low[parent], low[atom]);
                if (low[atom] > entered[parent]) inRing[by[atom]] = false;
            }
        }
        return inRing;
    }

    /// <summary>The rings, each the numbers of its bonds, shortest first.</summary>
    /// <param name="molecule">The molecule.</param>
    /// <param name="use">Bonds that rings may have.</param>
    public static List<int[]> Find(Molecule molecule, bool[] use)
    {
        var search = new Rings(molecule);
        var found = new Dictionary<string, int[]>(StringComparer.Ordinal);
        for (int b = 0; b < use.Length; b++)
        {
            if (!use[b]) continue;
            foreach (int[] ring in search.Through(b, use))
                found.TryAdd(string.Join(' ', ring), ring);
        }
        return [.. found.Values.OrderBy(ring => ring.Length)];
    }

    private List<int[]> Through(int bond, bool[] use)
    {
        var (from, to, _) = _molecule.Bonds[bond];
        Breadth(to, from, bond, use);
        var rings = new List<int[]>();
        if (_distance[from] >= 0) Descend(from, bond, use, [bond], rings);
        foreach (int atom in _reached) _distance[atom] = -1;
        _reached.Clear();
        return rings;
    }

    private void Breadth(int start, int goal, int without, bool[] use)
    {
        _distance[start] = 0;
        _reached.Add(start);
        for (int i = 0; i < _reached.Count; i++)
        {
            int atom = _reached[i];
            if (atom == goal || _distance[atom] >= Longest - 1) return;
            foreach (int b in _molecule.BondsOf(atom))
            {
                int other = _molecule.Bonds[b].Other(atom);
                if (b == without || !use[b] || _distance[other] >= 0) continue;
                _distance[other] = _distance[atom] + 1;
                _reached.Add(other);
            }
        }
    }

    private void Descend(int atom, int without, bool[] use, List<int> path, List<int[]> rings)
    {
        if (rings.Count >= MostPerBond) return;
        if (_distance[atom] == 0)
        {
            rings.Add([.. path.Order()]);
            return;
        }
        foreach (int b in _molecule.BondsOf(atom))
        {
            int other = _molecule.Bonds[b].Other(atom);
            if (b == without || !use[b] || _distance[other] != _distance[atom] - 1) continue;
            path.Add(b);
            Descend(other, without, use, path, rings);
            path.RemoveAt(path.Count - 1);
        }
    }
}
