namespace GpuNets.Training;

/// <summary>Edmonds' blossom algorithm on the aromatic bonds of a molecule.</summary>
internal sealed class PerfectMatching
{
    private readonly Molecule _molecule;
    private readonly bool[] _takesPart;
    private readonly int[] _partner;
    private readonly int[] _parent;
    private readonly int[] _base;
    private readonly bool[] _used;
    private readonly bool[] _onPath;
    private readonly Queue<int> _queue = [];

    private PerfectMatching(Molecule molecule, bool[] takesPart)
    {
        (_molecule, _takesPart) = (molecule, takesPart);
        int count = takesPart.Length;
        (_partner, _parent, _base, _used, _onPath) = (new int[count], new int[count], new int[count], new bool[count], new bool[count]);
    }

    /// <summary>A largest set of aromatic bonds of which no two meet.</summary>
    /// <returns>The partner of every atom, -1 for none.</returns>
    public static int[] Find(Molecule molecule, bool[] takesPart)
    {
        var matching = new PerfectMatching(molecule, takesPart);
        var partner = matching._partner;
        Array.Fill(partner, -1);
        for (int i = 0; i < partner.Length; i++)
        {
            if (!takesPart[i] || partner[i] >= 0) continue;
            foreach (int b in molecule.BondsOf(i))
            {
                int other = molecule.Bonds[b].Other(i);
                if (molecule.Bonds[b].Kind != BondKind.Aromatic || !takesPart[other] || partner[other] >= 0) continue;
                (partner[i], partner[other]) = (other, i);
                break;
            }
        }
        for (int i = 0; i < partner.Length; i++)
        {
            if (!takesPart[i] || partner[i] >= 0) continue;
            int end = matching.AugmentingPath(i);
            // No perfect matching: the caller finds the atom left over.
            if (end < 0) break;
            while (end >= 0)
            {
                int before = matching._parent[end], next = partner[before];
                (partner[end], partner[before]) = (before, end);
                end = next;
            }
        }
        return partner;
    }

    private int AugmentingPath(int root)
    {
        Array.Clear(_used);
        Array.Fill(_parent, -1);
        for (int i = 0; i < _base.Length; i++) _base[i] = i;
        _queue.Clear();
        _used[root] = true;
        _queue.Enqueue(root);
        while (_queue.TryDequeue(out int v))
        {
            foreach (int b in _molecule.BondsOf(v))
            {
                int to = _molecule.Bonds[b].Other(v);
                if (_molecule.Bonds[b].Kind != BondKind.Aromatic || !_takesPart[to] || _base[v] == _base[to] || _partner[v] == to) continue;
                if (to == root || (_partner[to] >= 0 && _parent[_partner[to]] >= 0)) Contract(v, to);
                else if (_parent[to] < 0)
                {
                    _parent[to] = v;
                    if (_partner[to] < 0) return to;
                    _used[_partner[to]] = true;
                    _queue.Enqueue(_partner[to]);
                }
            }
        }
        return -1;
    }

    private void Contract(int v, int to)
    {
        int root = CommonBase(v, to);
        Array.Clear(_onPath);
        MarkPath(v, root, to);
        MarkPath(to, root, v);
        for (int i = 0; i < _base.Length; i++)
        {
            if (!_onPath[_base[i]]) continue;
            _base[i] = root;
            if (_used[i]) continue;
            _used[i] = true;
            _queue.Enqueue(i);
        }
    }

    private int CommonBase(int a, int b)
    {
        bool[] seen = new bool[_base.Length];
        for (a = _base[a]; ; a = _base[_parent[_partner[a]]])
        {
            seen[a] = true;
            if (_partner[a] < 0) break;
        }
        for (b = _base[b]; !seen[b]; b = _base[_parent[_partner[b]]]) ;
        return b;
    }

    private void MarkPath(int v, int root, int child)
    {
        while (_base[v] != root)
        {
            _onPath[_base[v]] = _onPath[_base[_partner[v]]] = true;
            _parent[v] = child;
            child = _partner[v];
            v = _parent[_partner[v]];
        }
    }
}
