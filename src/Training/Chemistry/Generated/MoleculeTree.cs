namespace GpuNets.Training;

/// <summary>A random tree of atoms with exact valences: heavy atoms first, then hydrogens. Bond i joins atom i + 1 to its parent, its first atom.</summary>
internal sealed class MoleculeTree
{
    private readonly List<int> _free = [];

    public List<Element> Elements { get; } = [];

    public List<Bond> Bonds { get; } = [];

    /// <summary>Grows heavy atoms, then fills up with hydrogens.</summary>
    /// <returns>False if all valences were used up before the last heavy atom.</returns>
    public bool Grow(Philox random, ref uint draw, int heavy, double doubleBonds)
    {
        Add(HeavyAtom(random.Uniform(draw++)));
        while (Elements.Count < heavy)
        {
            int[] open = [.. Enumerable.Range(0, Elements.Count).Where(i => _free[i] > 0)];
            if (open.Length == 0) return false;
            int parent = open[random.Below(draw++, open.Length)], child = Elements.Count;
            Add(HeavyAtom(random.Uniform(draw++)));
            bool fits = _free[parent] >= 2 && _free[child] >= 2 && (Elements[parent] == Element.Carbon || Elements[child] == Element.Carbon);
            Join(parent, child, random.Uniform(draw++) < doubleBonds && fits ? BondKind.Double : BondKind.Single);
        }
        for (int i = 0; i < heavy; i++)
        {
            while (_free[i] > 0)
            {
                Add(Element.Hydrogen);
                Join(i, Elements.Count - 1, BondKind.Single);
            }
        }
        return true;
    }

    private static Element HeavyAtom(double draw) => draw < 0.65 ? Element.Carbon : draw < 0.8 ? Element.Nitrogen : draw < 0.95 ? Element.Oxygen : Element.Fluorine;

    private void Add(Element element)
    {
        Elements.Add(element);
        _free.Add(element.Valences[0]);
    }

    private void Join(int parent, int child, BondKind kind)
    {
        Bonds.Add(new Bond(parent, child, kind));
        _free[parent] -= (int)kind;
        _free[child] -= (int)kind;
    }
}
