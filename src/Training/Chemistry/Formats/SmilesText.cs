using System.Collections.Immutable;

namespace GpuNets.Training;

/// <summary>One SMILES, read from left to right without recursion.</summary>
internal sealed class SmilesText
{
    private const int NoBond = 0;

    /// <summary>Between aromatic atoms an unwritten bond is aromatic if it is in a ring, else single; settled at the end.</summary>
    private const int Unwritten = 5;

    private readonly string _text;
    private readonly List<SmilesAtom> _atoms = [];
    private readonly List<(int First, int Second, int Kind)> _bonds = [];
    private readonly HashSet<(int, int)> _pairs = [];
    private readonly Stack<(int Atom, int Position)> _branches = new();
    private readonly Dictionary<int, (int Atom, int Bond, int Position)> _rings = [];
    private int _at;
    private int _previous = -1;
    private int _bond = NoBond;

    public SmilesText(string text) => _text = text;

    /// <summary>The molecule as written.</summary>
    /// <exception cref="MoleculeException">The text is no SMILES.</exception>
    public Molecule Read(string name)
    {
        if (_text.Length == 0) throw Error("expected an atom, the text is empty", 0);
        while (_at < _text.Length) Next();
        if (_bond != NoBond) throw Error("a bond at the end leads nowhere", _text.Length - 1);
        if (_branches.TryPeek(out var branch)) throw Error("the branch is never closed", branch.Position);
        if (_rings.Count > 0)
        {
            var (number, (_, _, position)) = _rings.MinBy(pair => pair.Value.Position);
            throw Error($"ring closure {number} is never closed", position);
        }
        if (_atoms.Count == 0) throw Error("there is no atom", 0);
        if (_previous < 0) throw Error("the dot at the end is followed by nothing", _text.Length - 1);
        return Build(name);
    }

    private void Next()
    {
        char c = _text[_at];
        switch (c)
        {
            case '(':
                if (_previous < 0) throw Error("a branch needs an atom before it", _at);
                if (_bond != NoBond) throw Error("a bond must stand inside the branch, before its atom", _at);
                if (_at + 1 < _text.Length && _text[_at + 1] == ')') throw Error("the branch is empty", _at);
                _branches.Push((_previous, _at++));
                break;
            case ')':
                if (_bond != NoBond) throw Error("a bond at the end of a branch leads nowhere", _at);
                if (!_branches.TryPop(out var branch)) throw Error("no branch is open here", _at);
                if (_previous < 0) throw Error("the dot before it is followed by nothing", _at);
                (_previous, _at) = (branch.Atom, _at + 1);
                break;
            case '.':
                if (_previous < 0) throw Error("a dot needs an atom before it", _at);
                if (_bond != NoBond) throw Error("the bond before the dot leads nowhere", _at);
                (_previous, _at) = (-1, _at + 1);
                break;
            case '-' or '=' or '#' or ':' or '/' or '\\':
                if (_bond != NoBond) throw Error("two bonds in a row", _at);
                if (_previous < 0) throw Error("a bond needs an atom before it", _at);
                _bond = c switch { '=' => 2, '#' => 3, ':' => 4, _ => 1 };
                _at++;
                break;
            case '$':
                throw Error("quadruple bonds are not read", _at);
            case '%' or (>= '0' and <= '9'):
                CloseRing();
                break;
            case '>':
                throw Error("reactions are not read", _at);
            default:
                int start = _at;
                Attach(c == '[' ? SmilesBracket.Read(_text, ref _at) : OrganicAtom(), start);
                break;
        }
    }

    private SmilesAtom OrganicAtom()
    {
        int start = _at;
        string rest = _text.Length - _at >= 2 ? _text.Substring(_at, 2) : _text[_at..];
        if (rest is "Cl" or "Br")
        {
            _at += 2;
            return new SmilesAtom(rest == "Cl" ? Element.Of(17) : Element.Of(35), start) { IsOrganic = true };
        }
        char c = _text[_at];
        string symbol = c switch
        {
            'B' or 'C' or 'N' or 'O' or 'P' or 'S' or 'F' or 'I' => c.ToString(),
            'b' or 'c' or 'n' or 'o' or 'p' or 's' => char.ToUpperInvariant(c).ToString(),
            '*' => throw Error("wildcard atoms are not read", _at),
            _ => throw Error($"'{c}' is no atom, bond or ring closure; atoms other than B, C, N, O, P, S, F, Cl, Br, I stand in brackets", _at),
        };
        _at++;
        _ = Element.TryFind(symbol, out var element);
        return new SmilesAtom(element!, start) { IsOrganic = true, IsAromatic = char.IsLower(c) };
    }

    private void Attach(SmilesAtom atom, int position)
    {
        _atoms.Add(atom);
        int here = _atoms.Count - 1;
        if (_previous >= 0) Join(_previous, here, _bond, position);
        (_previous, _bond) = (here, NoBond);
    }

    private void Join(int first, int second, int kind, int position)
    {
        if (first == second) throw Error("a ring closure joins an atom to itself", position);
        if (!_pairs.Add((Math.Min(first, second), Math.Max(first, second)))) throw Error("these atoms are bonded already", position);
        bool aromatic = _atoms[first].IsAromatic && _atoms[second].IsAromatic;
        if (kind == 4 && !aromatic) throw Error("an aromatic bond needs aromatic atoms on both sides", position);
        _bonds.Add((first, second, kind != NoBond ? kind : aromatic ? Unwritten : 1));
    }

    private void CloseRing()
    {
        int start = _at, number;
        if (_text[_at] != '%') number = _text[_at++] - '0';
        else
        {
            if (_at + 2 >= _text.Length || !char.IsAsciiDigit(_text[_at + 1]) || !char.IsAsciiDigit(_text[_at + 2]))
                throw Error("% needs two digits after it", _at);
            number = 10 * (_text[_at + 1] - '0') + _text[_at + 2] - '0';
            _at += 3;
        }
        if (_previous < 0) throw Error("a ring closure needs an atom before it", start);
        if (!_rings.Remove(number, out var open)) _rings[number] = (_previous, _bond, start);
        else
        {
            if (open.Bond != NoBond && _bond != NoBond && open.Bond != _bond) throw Error($"the two ends of ring closure {number} have different bonds", start);
            Join(open.Atom, _previous, open.Bond != NoBond ? open.Bond : _bond, start);
        }
        _bond = NoBond;
    }

    private Molecule Build(string name)
    {
        var skeleton = new Molecule(
            [.. _atoms.Select(atom => new Atom(atom.Element))], [.. _bonds.Select(bond => new Bond(bond.First, bond.Second, BondKind.Single))], name);
        bool[] inRing = Rings.InRing(skeleton);
        var kinds = new BondKind[_bonds.Count];
        for (int b = 0; b < kinds.Length; b++) kinds[b] = _bonds[b].Kind == Unwritten ? inRing[b] ? BondKind.Aromatic : BondKind.Single : (BondKind)_bonds[b].Kind;
        var atoms = ImmutableArray.CreateBuilder<Atom>(_atoms.Count);
        for (int i = 0; i < _atoms.Count; i++)
        {
            var atom = _atoms[i];
            int bonds = 0, aromatic = 0;
            foreach (int b in skeleton.BondsOf(i))
            {
                bonds += kinds[b] == BondKind.Aromatic ? 1 : (int)kinds[b];
                if (inRing[b] && kinds[b] == BondKind.Aromatic) aromatic++;
            }
            if (atom.IsAromatic && aromatic == 0) throw Error($"aromatic {atom.Element} is in no aromatic ring", atom.Position);
            int hydrogens = atom.IsOrganic ? ImplicitHydrogens(atom, bonds) : atom.Hydrogens;
            atoms.Add(new Atom(atom.Element) { FormalCharge = atom.Charge, Isotope = atom.Isotope, ImplicitHydrogens = hydrogens, IsAromatic = atom.IsAromatic });
        }
        return new Molecule(atoms.MoveToImmutable(), [.. _bonds.Select((bond, b) => new Bond(bond.First, bond.Second, kinds[b]))], name);
    }

    private int ImplicitHydrogens(SmilesAtom atom, int bonds)
    {
        var valences = atom.Element.Valences;
        // An aromatic atom takes part with one more bond, unless its valence is full without.
        if (atom.IsAromatic) return Math.Max(0, valences[0] - bonds - 1);
        if (bonds > valences[^1]) throw Error($"{atom.Element} has a valence of {bonds}, at most {valences[^1]} is possible", atom.Position);
        return Valence.For(valences, bonds) - bonds;
    }

    private MoleculeException Error(string problem, int position) => SmilesBracket.Error(problem, position);
}
