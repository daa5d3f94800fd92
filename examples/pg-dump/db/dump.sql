--
-- PostgreSQL database dump
--

-- Dumped from database version 15.6 (Debian 15.6-1.pgdg120+2)
-- Dumped by pg_dump version 15.6 (Debian 15.6-1.pgdg120+2)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: pgcrypto; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;


--
-- Name: EXTENSION pgcrypto; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION pgcrypto IS 'cryptographic functions';


--
-- Name: touch_updated_at(); Type: FUNCTION; Schema: public; Owner: library
--

CREATE FUNCTION public.touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END;
$$;


ALTER FUNCTION public.touch_updated_at() OWNER TO library;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: books; Type: TABLE; Schema: public; Owner: library
--

CREATE TABLE public.books (
    id bigint NOT NULL,
    isbn character varying(13) NOT NULL,
    title text NOT NULL,
    copies integer DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE public.books OWNER TO library;

--
-- Name: books_id_seq; Type: SEQUENCE; Schema: public; Owner: library
--

CREATE SEQUENCE public.books_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.books_id_seq OWNER TO library;

--
-- Name: books_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: library
--

ALTER SEQUENCE public.books_id_seq OWNED BY public.books.id;


--
-- Name: loans; Type: TABLE; Schema: public; Owner: library
--

CREATE TABLE public.loans (
    book_id bigint NOT NULL,
    reader text NOT NULL,
    due date NOT NULL
);


ALTER TABLE public.loans OWNER TO library;

--
-- Name: books id; Type: DEFAULT; Schema: public; Owner: library
--

ALTER TABLE ONLY public.books ALTER COLUMN id SET DEFAULT nextval('public.books_id_seq'::regclass);


--
-- Data for Name: books; Type: TABLE DATA; Schema: public; Owner: library
--

COPY public.books (id, isbn, title, copies, updated_at) FROM stdin;
1	9783161484100	The Art of Waiting; or, SELECT FOR UPDATE	3	2024-05-01 10:00:00+00
2	9780306406157	It's a Lock	1	2024-05-02 11:30:00+00
3	9781234567897	Circles $$ and Arrows /* unabridged	\N	2024-05-03 09:15:00+00
\.


--
-- Data for Name: loans; Type: TABLE DATA; Schema: public; Owner: library
--

COPY public.loans (book_id, reader, due) FROM stdin;
1	ada	2024-06-01
2	edsger	2024-06-02
\.


--
-- Name: books_id_seq; Type: SEQUENCE SET; Schema: public; Owner: library
--

SELECT pg_catalog.setval('public.books_id_seq', 3, true);


--
-- Name: books books_isbn_key; Type: CONSTRAINT; Schema: public; Owner: library
--

ALTER TABLE ONLY public.books
    ADD CONSTRAINT books_isbn_key UNIQUE (isbn);


--
-- Name: books books_pkey; Type: CONSTRAINT; Schema: public; Owner: library
--

ALTER TABLE ONLY public.books
    ADD CONSTRAINT books_pkey PRIMARY KEY (id);


--
-- Name: loans loans_pkey; Type: CONSTRAINT; Schema: public; Owner: library
--

ALTER TABLE ONLY public.loans
    ADD CONSTRAINT loans_pkey PRIMARY KEY (book_id, reader);


--
-- Name: loans_due; Type: INDEX; Schema: public; Owner: library
--

CREATE INDEX loans_due ON public.loans USING btree (due);


--
-- Name: books books_touch; Type: TRIGGER; Schema: public; Owner: library
--

CREATE TRIGGER books_touch BEFORE UPDATE ON public.books FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();


--
-- Name: loans loans_book_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: library
--

ALTER TABLE ONLY public.loans
    ADD CONSTRAINT loans_book_id_fkey FOREIGN KEY (book_id) REFERENCES public.books(id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--

