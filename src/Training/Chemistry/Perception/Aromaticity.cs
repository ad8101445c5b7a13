namespace GpuNets.Training;

/// <summary>
/// Aromatic atoms and bonds by Hueckel's rule, in the model of RDKit: rings, and fused groups of up to six of them, whose atoms all give 0, 1 or 2
/// electrons to a common pi system that has 2, 6, 10, ... of them. An exocyclic double bond to a more electronegative atom takes its electron away.
/// </summary>
internal sealed class Aromaticity
{
    /// <summary>Rings of a fused group that are looked at together.</summary>
    private const int MostFused = 6;

    /// <summary>Work bound for one fused system: groups looked at.</summary>
    private const int MostGroups = 20_000;

    private readonly Molecule _molecule;
    private readonly int[] _orders;
    private readonly bool[] _inRing;

    /// <summary>Perceives a molecule.</summary>
    /// <param name="molecule">The molecule, of which only the bond orders count.</param>
    /// <exception cref="MoleculeException">A valence is exceeded, or aromatic bonds have no Kekule structure.</exception>
    public Aromaticity(Molecule molecule)
    {
        (_molecule, _orders, _inRing) = (molecule, molecule.KekuleOrders, Rings.InRing(molecule));
        Atoms = new bool[molecule.Atoms.Length];
        Bonds = new bool[molecule.Bonds.Length];
        if (!Array.Exists(_inRing, inRing => inRing)) return;
        int[] electrons = new int[Atoms.Length];
        for (int i = 0; i < electrons.Length; i++) electrons[i] = Donated(i);
        bool IsCandidate(int b) => electrons[molecule.Bonds[b].First] >= 0 && electrons[molecule.Bonds[b].Second] >= 0;
        var rings = Rings.Find(molecule, _inRing).Where(ring => Array.TrueForAll(ring, IsCandidate)).ToList();
        foreach (var system in FusedSystems(rings)) Mark(system, electrons);
    }

    /// <summary>Which atoms are aromatic.</summary>
    public bool[] Atoms { get; }

    /// <summary>Which bonds are aromatic.</summary>
    public bool[] Bonds { get; }

    // Electrons that an atom gives to the pi system of its ring; -1 if it cannot be part of one.
    private int Donated(int i)
    {
        var atom = _molecule.Atoms[i];
        if (atom.Element.Number > 18 && atom.Element.Number is not (34 or 52)) return -1;
        int electrons = PiElectrons.Of(_molecule, _orders, i);
        if (electrons < 0) return -1;
        var valences = Valence.Of(atom.Element, atom.FormalCharge);
        if (!valences.IsEmpty && KekuleStructure.Sum(_molecule, _orders, i) > valences[0]) return -1;
        if (PiElectrons.Unpaired(_molecule, _orders, i) > 0 && (atom.Element.Number != 6 || atom.FormalCharge != 0)) return -1;
        int multiple = 0, exocyclic = -1;
        bool cyclic = false;
        foreach (int b in _molecule.BondsOf(i))
        {
            if (_orders[b] == 1) continue;
            multiple++;
            cyclic |= _inRing[b];
            if (!_inRing[b]) exocyclic = _molecule.Bonds[b].Other(i);
        }
        if (multiple > 1) return -1;
        bool stolen = exocyclic >= 0 && IsMoreElectronegative(_molecule.Atoms[exocyclic].Element, atom.Element);
        if (electrons == 0) return exocyclic >= 0 ? 0 : cyclic ? 1 : -1;
        if (electrons == 1) return exocyclic >= 0 ? stolen ? 0 : 1 : multiple > 0 ? 1 : atom.FormalCharge == 1 ? 0 : -1;
        return (electrons - (stolen ? 1 : 0)) % 2 == 1 ? 1 : 2;
    }

    private static bool IsMoreElectronegative(Element first, Element second) =>
        first.OuterElectrons > second.OuterElectrons || (first.OuterElectrons == second.OuterElectrons && first.Number < second.Number);

    private List<List<int[]>> FusedSystems(List<int[]> rings)
    {
        var neighbours = NeighboursOf(rings);
        bool[] seen = new bool[rings.Count];
        var systems = new List<List<int[]>>();
        for (int start = 0; start < rings.Count; start++)
        {
            if (seen[start]) continue;
            seen[start] = true;
            var system = new List<int> { start };
            for (int k = 0; k < system.Count; k++)
            {
                foreach (int other in neighbours[system[k]])
                {
                    if (seen[other]) continue;
                    seen[other] = true;
                    system.Add(other);
                }
            }
            systems.Add([.. system.Select(r => rings[r])]);
        }
        return systems;
    }

    // Rings that share a bond with each.
    private static int[][] NeighboursOf(List<int[]> rings)
    {
        var byBond = new Dictionary<int, List<int>>();
        for (int r = 0; r < rings.Count; r++)
        {
            foreach (int b in rings[r])
            {
                if (!byBond.TryGetValue(b, out var list)) byBond[b] = list = [];
                list.Add(r);
            }
        }
        return [.. rings.Select((ring, r) => ring.SelectMany(b => byBond[b]).Where(other => other != r).Distinct().ToArray())];
    }

    private void Mark(List<int[]> rings, int[] electrons)
    {
        var neighbours = NeighboursOf(rings);
        var open = new HashSet<int>(rings.SelectMany(ring => ring));
        var groups = new List<int[]>(Enumerable.Range(0, rings.Count).Select(r => (int[])[r]));
        int looked = 0;
        for (int size = 1; size <= MostFused && groups.Count > 0 && open.Count > 0; size++)
        {
            foreach (int[] group in groups)
            {
                if (!IsAromatic(rings, group, electrons, out var once, out var atoms)) continue;
                foreach (int b in once)
                {
                    Bonds[b] = true;
                    open.Remove(b);
                }
                foreach (int atom in atoms) Atoms[atom] = true;
            }
            looked += groups.Count;
            if (looked > MostGroups) return;
            groups = Larger(groups, neighbours, MostGroups - looked);
        }
    }

    // Connected groups with one ring more.
    private static List<int[]> Larger(List<int[]> groups, int[][] neighbours, int most)
    {
        var larger = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (int[] group in groups)
        {
            foreach (int ring in group.SelectMany(r => neighbours[r]))
            {
                if (Array.IndexOf(group, ring) >= 0) continue;
                int[] grown = [.. group.Append(ring).Order()];
                larger.TryAdd(string.Join(' ', grown), grown);
                if (larger.Count >= most) return [.. larger.Values];
            }
        }
        return [.. larger.Values];
    }

    private bool IsAromatic(List<int[]> rings, int[] group, int[] electrons, out IEnumerable<int> once, out IEnumerable<int> atoms)
    {
        var bondCounts = new Dictionary<int, int>();
        var atomCounts = new Dictionary<int, int>();
        foreach (int r in group)
        {
            var ringAtoms = new HashSet<int>();
            foreach (int b in rings[r])
            {
                bondCounts[b] = bondCounts.GetValueOrDefault(b) + 1;
                ringAtoms.Add(_molecule.Bonds[b].First);
                ringAtoms.Add(_molecule.Bonds[b].Second);
            }
            foreach (int atom in ringAtoms) atomCounts[atom] = atomCounts.GetValueOrDefault(atom) + 1;
        }
        // An atom inside three rings of the group is not on the way round.
        int sum = atomCounts.Where(pair => pair.Value <= 2).Sum(pair => electrons[pair.Key]);
        once = bondCounts.Where(pair => pair.Value == 1).Select(pair => pair.Key);
        atoms = atomCounts.Keys;
        return sum == 2 || (sum >= 6 && sum % 4 == 2);
    }
}
